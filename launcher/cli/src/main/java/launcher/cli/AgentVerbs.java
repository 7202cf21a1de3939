package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.JsonReader;
import launcher.control.JsonWriter;
import launcher.control.Outcome;

/** Verbs that talk with the agent inside a guest. */
final class AgentVerbs implements VerbFamily {
  @Override
  public String title() {
    return "By the agent inside guests";
  }

  @Override
  public List<String> names() {
    return List.of(
        "domfsfreeze",
        "domfsthaw",
        "domfstrim",
        "domhostname",
        "guestinfo",
        "set-user-password",
        "get-user-sshkeys",
        "set-user-sshkeys",
        "guestvcpus");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "domfsfreeze" ->
          new Verb(name, "freeze a guest's file systems", in -> count(in, "Froze %d filesystem(s)"))
              .operand(Requests.DOMAIN)
              .optionalOperands("mountpoint");
      case "domfsthaw" ->
          new Verb(
                  name,
                  "let a guest's frozen file systems go on",
                  in -> count(in, "Thawed %d filesystem(s)"))
              .operand(Requests.DOMAIN)
              .optionalOperands("mountpoint");
      case "domfstrim" ->
          new Verb(name, "discard what a guest's file systems do not use", AgentVerbs::trim)
              .operand(Requests.DOMAIN)
              .option("minimum", "bytes", "leave smaller holes alone, or with a unit as 1M")
              .option("mountpoint", "path", "refused: the agent knows only all of them");
      case "domhostname" ->
          new Verb(name, "show a guest's own host name", AgentVerbs::hostName)
              .operand(Requests.DOMAIN)
              .option(
                  "source", "source", "agent (so without this) or lease: what its network heard");
      case "guestinfo" -> GuestFacts.verb(name);
      case "get-user-sshkeys", "set-user-sshkeys" -> GuestKeys.verb(name);
      case "guestvcpus" -> GuestProcessors.verb(name);
      case "set-user-password" ->
          new Verb(name, "set a user's password inside a guest", AgentVerbs::password)
              .operand(Requests.DOMAIN)
              .operand("user")
              .operand("password")
              .flag("encrypted", "the password is a crypt(3) hash already");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Outcome count(Invocation in, String sentence) throws IOException {
    Members what = Requests.guest(in).with(Json.object("mountpoints", in.operands("mountpoint")));
    return Requests.print(
        in,
        in.verb().name(),
        what,
        reply -> {
          long count = Requests.members(reply).findWhole("count").orElse(0L);
          return sentence.replace("%d", Long.toString(count)) + "\n\n";
        });
  }

  private static Outcome trim(Invocation in) throws IOException {
    if (in.value("mountpoint").isPresent()) {
      throw new ControlException(
          Outcome.USAGE,
          "QEMU's agent discards on all file systems at once: leave --mountpoint out");
    }
    Optional<Long> minimum = in.value("minimum").map(text -> Sizes.bytes("--minimum", text, 1));
    Members what = Requests.guest(in).with(Json.object("minimum", minimum));
    return Requests.say(in, "domfstrim", what, "");
  }

  /** What the agent returns for a command without arguments. */
  static Json agent(Invocation in, String command) throws IOException {
    return agent(in, command, Json.object());
  }

  /** What the agent returns for a command. */
  static Json agent(Invocation in, String command, Members arguments) throws IOException {
    Members asked = Json.object("execute", command);
    Members whole =
        arguments.members().isEmpty() ? asked : asked.with(Json.object("arguments", arguments));
    return answer(in, JsonWriter.line(whole));
  }

  private static Json answer(Invocation in, String command) throws IOException {
    Members what = Requests.guest(in).with(Json.object("command", command));
    Json answer = in.session().client().ask("qemu-agent-command", what);
    Members whole = Requests.members(JsonReader.read(Requests.members(answer).text("answer")));
    return whole.find("return").orElse(Json.object());
  }

  private static Outcome hostName(Invocation in) throws IOException {
    Members answer =
        switch (in.value("source").orElse("agent")) {
          case "agent" -> Requests.members(agent(in, "guest-get-host-name"));
          case "lease" ->
              Requests.members(in.session().client().ask("lease-hostname", Requests.guest(in)));
          default ->
              throw new ControlException(
                  Outcome.USAGE,
                  "--source is 'agent' or 'lease', not '" + in.value("source").orElse("") + "'");
        };
    if (in.options().json()) {
      in.output().json(Json.object("hostname", answer.text("host-name")));
    } else {
      in.output().line(Table.printable(answer.text("host-name")) + "\n");
    }
    return Outcome.DONE;
  }

  private static Outcome password(Invocation in) throws IOException {
    String user = in.operand("user");
    Members what =
        Requests.guest(in)
            .with(
                Json.object(
                    "user", user,
                    "password", in.operand("password"),
                    "encrypted", in.flag("encrypted")));
    return Requests.say(
        in,
        "set-user-password",
        what,
        "Password set successfully for " + user + " in " + in.operand(Requests.DOMAIN));
  }
}
