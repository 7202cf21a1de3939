package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.JsonReader;
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
        "domfsfreeze", "domfsthaw", "domfstrim", "domhostname", "guestinfo", "set-user-password");
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
              .option("minimum", "bytes", "leave smaller holes alone");
      case "domhostname" ->
          new Verb(name, "show a guest's own host name", AgentVerbs::hostName)
              .operand(Requests.DOMAIN);
      case "guestinfo" ->
          new Verb(name, "show what a guest's agent knows of it", AgentVerbs::info)
              .operand(Requests.DOMAIN)
              .flag("user", "who is logged in")
              .flag("os", "its operating system")
              .flag("timezone", "its time zone")
              .flag("hostname", "its host name");
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
    Members what = Requests.guest(in).with(Json.object("minimum", in.number("minimum", 0)));
    return Requests.say(in, "domfstrim", what, "");
  }

  private static Json agent(Invocation in, String command) throws IOException {
    Members what =
        Requests.guest(in).with(Json.object("command", "{\"execute\":\"" + command + "\"}"));
    Json answer = in.session().client().ask("qemu-agent-command", what);
    Members whole = Requests.members(JsonReader.read(Requests.members(answer).text("answer")));
    return whole.find("return").orElse(Json.object());
  }

  private static Outcome hostName(Invocation in) throws IOException {
    Members answer = Requests.members(agent(in, "guest-get-host-name"));
    if (in.options().json()) {
      in.output().json(Json.object("hostname", answer.text("host-name")));
    } else {
      in.output().line(Table.printable(answer.text("host-name")) + "\n");
    }
    return Outcome.DONE;
  }

  private static Outcome info(Invocation in) throws IOException {
    boolean all = List.of("user", "os", "timezone", "hostname").stream().noneMatch(in::flag);
    StringBuilder text = new StringBuilder();
    Json.Members facts = Json.object();
    if (all || in.flag("user")) {
      List<Members> users = Requests.rows(agent(in, "guest-get-users"));
      facts = facts.with(Json.object("user.count", users.size()));
      for (int i = 0; i < users.size(); i++) {
        facts = facts.with(Json.object("user." + i + ".name", users.get(i).text("user")));
      }
    }
    if (all || in.flag("os")) {
      for (Map.Entry<String, Json> fact :
          Requests.members(agent(in, "guest-get-osinfo")).members().entrySet()) {
        facts = facts.with(Json.object("os." + fact.getKey(), fact.getValue()));
      }
    }
    if (all || in.flag("timezone")) {
      Members zone = Requests.members(agent(in, "guest-get-timezone"));
      facts =
          facts.with(
              Json.object(
                  "timezone.name", zone.findText("zone"),
                  "timezone.offset", zone.findWhole("offset")));
    }
    if (all || in.flag("hostname")) {
      Members host = Requests.members(agent(in, "guest-get-host-name"));
      facts = facts.with(Json.object("hostname", host.text("host-name")));
    }
    if (in.options().json()) {
      in.output().json(facts);
      return Outcome.DONE;
    }
    for (String name : facts.members().keySet()) {
      String value = Table.printable(Requests.cell(facts, name, ""));
      text.append(String.format(Locale.ROOT, "%-20s: %s%n", name, value));
    }
    in.output().text(text.append('\n').toString());
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
