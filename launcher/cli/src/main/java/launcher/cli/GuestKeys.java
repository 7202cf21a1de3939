package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The verbs {@code get-user-sshkeys} and {@code set-user-sshkeys}, by the agent inside a guest. */
final class GuestKeys {
  private GuestKeys() {}

  static Verb verb(String name) {
    if (name.equals("get-user-sshkeys")) {
      return new Verb(name, "show the keys by which a user may log in by SSH", GuestKeys::show)
          .operand(Requests.DOMAIN)
          .operand("user");
    }
    return new Verb(name, "add keys by which a user may log in by SSH", GuestKeys::change)
        .operand(Requests.DOMAIN)
        .operand("user")
        .optionalOperand("file")
        .flag("reset", "instead of those that are there; without a file: none any more")
        .flag("remove", "take these keys away");
  }

  private static Outcome show(Invocation in) throws IOException {
    Members answer =
        Requests.members(
            AgentVerbs.agent(
                in, "guest-ssh-get-authorized-keys", Json.object("username", in.operand("user"))));
    List<String> keys = answer.texts("keys");
    if (in.options().json()) {
      in.output().json(Json.of(keys));
    } else {
      keys.forEach(key -> in.output().line(Table.printable(key)));
      in.output().text("\n");
    }
    return Outcome.DONE;
  }

  private static Outcome change(Invocation in) throws IOException {
    boolean reset = in.flag("reset");
    boolean remove = in.flag("remove");
    Optional<String> file = in.findOperand("file");
    if (reset && remove || file.isEmpty() && !reset) {
      throw new ControlException(
          Outcome.USAGE,
          "'set-user-sshkeys' needs <file> or --reset, and --remove without --reset");
    }
    List<String> keys =
        file.map(Requests::file)
            .orElse("")
            .lines()
            .map(String::strip)
            .filter(GuestKeys::isKey)
            .toList();
    if (keys.isEmpty() && file.isPresent()) {
      throw new ControlException(Outcome.USAGE, "the file '" + file.get() + "' has no key in it");
    }
    Members what = Json.object("username", in.operand("user"), "keys", keys);
    AgentVerbs.agent(
        in,
        remove ? "guest-ssh-remove-authorized-keys" : "guest-ssh-add-authorized-keys",
        remove ? what : what.with(Json.object("reset", reset)));
    if (in.options().json()) {
      in.output().json(Json.object());
    }
    return Outcome.DONE;
  }

  private static boolean isKey(String line) {
    return !line.isEmpty() && !line.startsWith("#");
  }
}
