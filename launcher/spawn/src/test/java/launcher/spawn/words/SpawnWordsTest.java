package launcher.spawn.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import launcher.spawn.Accounts;
import launcher.spawn.CommandSpec;
import launcher.spawn.Descriptor;
import launcher.spawn.Identity;
import launcher.spawn.Rendering;
import org.junit.jupiter.api.Test;

class SpawnWordsTest {
  private static CommandSpec command(String... options) {
    Map<String, List<String>> values = new HashMap<>();
    for (int at = 0; at < options.length; at += 2) {
      values.put(options[at], List.of(options[at + 1]));
    }
    return SpawnWords.command(values, List.of("/bin/true", "-x"));
  }

  @Test
  void aUserBringsItsOwnGroup() {
    long root = Accounts.ownGroup("root", 0);
    assertEquals(new Identity(0, root, List.of()), command("uid", "root").confinement().identity());
    assertEquals(
        new Identity(7, 9, List.of(1L, 2L)),
        command("uid", "7", "gid", "9", "groups", "1,2").confinement().identity());
  }

  @Test
  void everyWordFindsItsPlace() {
    CommandSpec command =
        command(
            "rlimit",
            "nofile=5:6",
            "keep-cap",
            "net_raw",
            "umask",
            "0",
            "lease",
            "me=/l",
            "fd",
            "5=/x",
            "label",
            "a:b:c:d");
    String json = Rendering.json(command);
    assertTrue(json.contains("\"limits\":[\"nofile=5:6\"]"), json);
    assertTrue(json.contains("\"capabilities\":[\"net_raw\"]"), json);
    assertTrue(json.contains("\"umask\":\"0000\""), json);
    assertTrue(json.contains("\"label\":\"selinux a:b:c:d\""), json);
    assertEquals("me", command.leases().getFirst().holder());
    assertEquals(
        new Descriptor.OpenFile(Path.of("/x"), Descriptor.Access.READ_WRITE),
        command.descriptors().get(5));
  }

  private static String refusal(String option, String value) {
    return assertThrows(IllegalArgumentException.class, () -> command(option, value)).getMessage();
  }

  @Test
  void wrongWordsAreNamed() {
    assertEquals("There is no user 'no such'", refusal("uid", "no such"));
    assertEquals("There is no capability 'fly'", refusal("keep-cap", "fly"));
    assertEquals("There is no resource 'luck'", refusal("rlimit", "luck=1"));
    assertEquals("'x' is no limit: a number or 'unlimited'", refusal("rlimit", "core=x"));
    assertEquals(
        "The soft limit of core is above the hard one: 5:4", refusal("rlimit", "core=5:4"));
    assertEquals("'9' of option --umask is not an octal number", refusal("umask", "9"));
    assertEquals("Option --fd wants NAME=VALUE, not '5'", refusal("fd", "5"));
    assertEquals(
        "There is no access 'own'; there are read, execute, write, manage",
        refusal("landlock", "own=/x"));
    assertEquals("There is no signal 'HELLO'", refusal("death-signal", "HELLO"));
  }
}
