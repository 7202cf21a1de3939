package launcher.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.JsonReader;
import launcher.control.JsonWriter;
import launcher.control.Outcome;

/** Verbs that look or reach into a running guest. */
final class InsideVerbs implements VerbFamily {
  private static final long FOR_EVER_SECONDS = 1_000_000_000;

  @Override
  public String title() {
    return "Inside running guests";
  }

  @Override
  public List<String> names() {
    return List.of(
        "screenshot",
        "send-key",
        "qemu-monitor-command",
        "qemu-agent-command",
        "guest-ping",
        "domtime",
        "domfsinfo");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "screenshot" ->
          new Verb(name, "save a picture of a guest's screen as PNG", InsideVerbs::screenshot)
              .operand(Requests.DOMAIN)
              .optionalOperand("file")
              .option("screen", "number", "of a guest that has several, from 0");
      case "send-key" ->
          new Verb(name, "press keys on a guest's keyboard", InsideVerbs::sendKey)
              .operand(Requests.DOMAIN)
              .operands("keycode")
              .option("codeset", "name", "of the keys: linux (so without this) or qnum")
              .option("holdtime", "milliseconds", "how long they are held");
      case "qemu-monitor-command" ->
          new Verb(
                  name,
                  "send a command to a guest's QEMU",
                  in -> command(in, "qemu-monitor-command"))
              .operand(Requests.DOMAIN)
              .operands("cmd")
              .flag("hmp", "in the language for people")
              .flag("pretty", "with indented JSON")
              .flag("return-value", "what it returns, without the rest of the answer");
      case "qemu-agent-command" ->
          new Verb(
                  name,
                  "send a command to a guest's agent",
                  in -> command(in, "qemu-agent-command"))
              .operand(Requests.DOMAIN)
              .operands("cmd")
              .flag("pretty", "with indented JSON")
              .option("timeout", "seconds", "how long to wait for the answer; 10 without this")
              .flag("async", "do not wait for the answer")
              .flag("block", "wait for the answer however long it takes");
      case "guest-ping" ->
          new Verb(
                  name,
                  "ask whether guests' agents answer",
                  in -> Requests.each(in, name, Json.object(), "Domain %s: its agent answers"))
              .operands(Requests.DOMAIN);
      case "domtime" ->
          new Verb(name, "show or set the time inside a guest", InsideVerbs::time)
              .operand(Requests.DOMAIN)
              .flag("now", "set it to this host's")
              .flag("sync", "set it to the guest's own hardware clock")
              .flag("pretty", "show it for people")
              .option("time", "seconds", "set it to that, since 1970");
      case "domfsinfo" ->
          new Verb(name, "show the mounted file systems inside a guest", InsideVerbs::fileSystems)
              .operand(Requests.DOMAIN);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Outcome screenshot(Invocation in) throws IOException {
    Members which = Requests.guest(in).with(Json.object("screen", in.number("screen", 0)));
    Members reply = Requests.members(in.session().client().ask("screenshot", which));
    Path file = Path.of(in.findOperand("file").orElse("screenshot-" + Instant.now() + ".png"));
    byte[] picture = Base64.getDecoder().decode(reply.text("png"));
    try {
      Files.write(file, picture);
    } catch (FileSystemException e) {
      throw e; // it names the file
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw new FileSystemException(file.toString(), null, e.getMessage());
    }
    if (in.options().json()) {
      in.output().json(Json.object("file", file.toString()));
    } else {
      in.output().line("Screenshot saved to " + file + ", with type of image/png");
    }
    return Outcome.DONE;
  }

  /** Up to there a key has the same number in both sets; QEMU knows those of qnum. */
  private static final int SAME_NUMBERS = 83;

  private static void refuseUnknown(Invocation in) {
    String set = in.value("codeset").orElse("linux");
    if (!set.equals("linux") && !set.equals("qnum")) {
      throw new ControlException(
          Outcome.USAGE, "--codeset is 'linux' or 'qnum', not '" + set + "'");
    }
    for (String key : in.operands("keycode")) {
      boolean number = key.matches("0[xX][0-9a-fA-F]{1,4}|[0-9]{2,5}");
      if (set.equals("linux") && number && Integer.decode(key) > SAME_NUMBERS) {
        throw new ControlException(
            Outcome.USAGE, "say key " + key + " by its name, such as KEY_LEFTALT");
      }
    }
  }

  private static Outcome sendKey(Invocation in) throws IOException {
    refuseUnknown(in);
    Members keys =
        Json.object(
            "keys", in.operands("keycode"),
            "holdtime", in.number("holdtime", 1));
    return Requests.print(in, "send-key", Requests.guest(in).with(keys), _ -> "");
  }

  private static Outcome command(Invocation in, String verb) throws IOException {
    Members what =
        Json.object(
            "command", String.join(" ", in.operands("cmd")),
            "hmp", in.flag("hmp"),
            "timeout", patience(in));
    return Requests.print(
        in, verb, Requests.guest(in).with(what), reply -> answer(in, Requests.members(reply)));
  }

  /** How long an agent is waited for; a monitor answers at once. */
  private static Optional<Long> patience(Invocation in) {
    if (in.flag("async") || in.flag("block")) {
      if (in.flag("async") && in.flag("block") || in.value("timeout").isPresent()) {
        throw new ControlException(Outcome.USAGE, "one of --timeout, --async and --block");
      }
      return Optional.of(in.flag("async") ? 0 : FOR_EVER_SECONDS);
    }
    return in.number("timeout", 1);
  }

  private static String answer(Invocation in, Members reply) {
    String text = reply.text("answer");
    if (in.flag("hmp") || !in.flag("pretty") && !in.flag("return-value")) {
      return text + "\n";
    }
    Json whole = JsonReader.read(text);
    Json shown =
        in.flag("return-value") ? Requests.members(whole).find("return").orElse(whole) : whole;
    return (in.flag("pretty") ? JsonWriter.indented(shown) : JsonWriter.line(shown)) + "\n";
  }

  private static Outcome time(Invocation in) throws IOException {
    Members how =
        Json.object("now", in.flag("now"), "sync", in.flag("sync"), "time", in.number("time", 0));
    return Requests.print(
        in,
        "domtime",
        Requests.guest(in).with(how),
        reply -> {
          long seconds = Requests.members(reply).findWhole("seconds").orElse(-1L);
          if (seconds < 0) {
            return "";
          }
          String shown =
              in.flag("pretty") ? Instant.ofEpochSecond(seconds).toString() : "" + seconds;
          return "Time: " + shown + "\n\n";
        });
  }

  private static Outcome fileSystems(Invocation in) throws IOException {
    return Requests.print(
        in,
        "domfsinfo",
        Requests.guest(in),
        reply -> {
          if (Requests.rows(reply).isEmpty()) {
            return "No filesystems are mounted in the domain\n\n";
          }
          Table table = new Table("Mountpoint", "Name", "Type", "Target");
          for (Members mounted : Requests.rows(reply)) {
            List<String> targets = new ArrayList<>(mounted.texts("targets"));
            table.row(
                Requests.cell(mounted, "mountpoint", "-"),
                Requests.cell(mounted, "name", "-"),
                Requests.cell(mounted, "type", "-"),
                String.join(",", targets));
          }
          return table.toString();
        });
  }
}
