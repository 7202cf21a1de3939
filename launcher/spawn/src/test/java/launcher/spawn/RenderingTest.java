package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenderingTest {
  @Test
  void oneLineQuotesWhatAShellWouldRead() {
    CommandSpec command =
        CommandSpec.of("/bin/true")
            .variable("A", "B")
            .variable("C", "D  E")
            .add("F", "G  H", "it's", "")
            .build();
    assertEquals("A=B C='D  E' /bin/true F 'G  H' 'it'\\''s' ''", Rendering.line(command));
  }

  @Test
  void blockHasEachOptionOnALineOfItsOwn() {
    CommandSpec command =
        CommandSpec.of("/usr/bin/qemu")
            .variable("LC_ALL", "C")
            .add("-name", "guest=a b", "-S", "-device", "x", "-", "last")
            .build();
    assertEquals(
        """
        LC_ALL=C \\
        /usr/bin/qemu \\
        -name 'guest=a b' \\
        -S \\
        -device x - last
        """,
        Rendering.block(command));
  }

  @Test
  void jsonTellsEverything() {
    CommandSpec command =
        CommandSpec.of("/bin/true")
            .add("a\n\"ü")
            .variable("K", "V")
            .umask(0)
            .workingDirectory(Path.of("/tmp"))
            .pidFile(Path.of("/run/x.pid"))
            .lease(new LeaseFile(Path.of("/run/l"), true, "me"))
            .descriptor(5, new Descriptor.OpenFile(Path.of("/etc/x"), Descriptor.Access.READ))
            .descriptor(6, new Descriptor.Content(Bytes.of("secret")))
            .confinement(
                new Confinement(
                    new Identity(1, 2, List.of(3L)),
                    CapabilitySets.none(),
                    true,
                    new ExecLabel.Selinux("u:r:t"),
                    List.of(new LandlockRule(Path.of("/etc"), LandlockRule.Access.READ)),
                    true,
                    true,
                    List.of(new ResourceLimit(Resource.CORE, 0, ResourceLimit.UNLIMITED))))
            .build();
    assertEquals(
        "{\"program\":\"/bin/true\",\"arguments\":[\"a\\u000a\\\"\\u00fc\"],\"environment\":{\"K\":\"V\"},"
            + "\"passed\":[],\"stdin\":\"null\",\"stdout\":\"null\",\"stderr\":\"null\","
            + "\"descriptors\":{\"5\":\"read /etc/x\",\"6\":\"content of 6 bytes\"},\"cwd\":\"/tmp\","
            + "\"umask\":\"0000\",\"uid\":1,\"gid\":2,\"groups\":[3],\"capabilities\":[],\"noNewPrivileges\":true,"
            + "\"label\":\"selinux u:r:t\",\"landlock\":[\"read /etc\"],\"scoped\":true,\"withoutTcp\":true,\"limits\":[\"core=0:unlimited\"],"
            + "\"daemon\":false,\"pidFile\":\"/run/x.pid\",\"leases\":[\"shared /run/l\"],\"cgroups\":[]}",
        Rendering.json(command));
  }

  @Test
  void optionListDoublesCommasOfValuesOnly() {
    OptionList list =
        OptionList.of("file")
            .add("path", "/a,readonly=on,b")
            .add("id", 7)
            .add("ro", true)
            .add("x,y");
    assertEquals("file,path=/a,,readonly=on,,b,id=7,ro=on,x,,y", list.toString());
    assertThrows(IllegalArgumentException.class, () -> OptionList.empty().add("a,b", "c"));
  }

  @Test
  void argumentsRememberWhereTheyCameFrom() {
    CommandSpec command =
        CommandSpec.of("/bin/true")
            .add("-S")
            .from(new Origin("<disk> vda", 12))
            .add("-device", "x")
            .build();
    assertEquals(
        List.of("", "<disk> vda (line 12)", "<disk> vda (line 12)"),
        command.arguments().stream().map(argument -> argument.origin().toString()).toList());
  }

  @Test
  void recordingSpawnerStartsNothingAndAnswersAsTold() {
    RecordingSpawner recording =
        new RecordingSpawner(command ->
            command.words().contains("-V")
                ? RecordingSpawner.Answer.printing("7.2\n")
                : RecordingSpawner.Answer.failing(1, "no"));
    RecordingSpawner other = new RecordingSpawner();
    assertEquals("7.2\n", recording.run(CommandSpec.of("/no/such").add("-V").build()).text());
    try (HeldChild held = recording.hold(CommandSpec.of("/no/such").build());
        Child child = held.go()) {
      assertEquals(new ExitStatus.Exited(1), child.await().status());
    }
    assertEquals(List.of("/no/such -V", "/no/such"), recording.lines());
    assertEquals(List.of(), other.commands());
  }

  @Test
  void everyFieldSurvivesTheBuilder() {
    CommandSpec command =
        CommandSpec.of("/bin/true")
            .add("a")
            .daemon()
            .umask(7)
            .cgroup(Path.of("/sys/x"))
            .pidFile(Path.of("/p"))
            .lease(new LeaseFile(Path.of("/l"), false, "h"))
            .scheduling(Scheduling.UNCHANGED.withNice(1))
            .descriptor(9, new Descriptor.Named("n"))
            .build();
    assertEquals(command, command.toBuilder().build());
  }
}
