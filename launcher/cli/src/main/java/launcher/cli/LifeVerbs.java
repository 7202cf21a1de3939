package launcher.cli;

import java.io.IOException;
import java.util.List;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that start, stop and watch guests. */
final class LifeVerbs implements VerbFamily {
  @Override
  public String title() {
    return "Life of guests";
  }

  @Override
  public List<String> names() {
    return List.of(
        "start",
        "create",
        "shutdown",
        "destroy",
        "reboot",
        "reset",
        "suspend",
        "resume",
        "await",
        "console",
        "ttyconsole",
        "log",
        "dump");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "start" ->
          new Verb(name, "start guests, from their saved state if they have one", LifeVerbs::start)
              .operands(Requests.DOMAIN)
              .flag("paused", "leave it paused")
              .flag("console", "show its console; one guest only")
              .flag("force-boot", "forget its saved state and boot")
              .flag("bypass-cache", "read its saved state past the page cache")
              .flag("reset-nvram", "make its firmware's variables anew from their template")
              .flag("autodestroy", "with --console: power it off when that is left")
              .option("pass-fds", "fds", "refused: name files in its XML")
              .flag("timings", "tell how long each step took, by the daemon's clock");
      case "create" ->
          new Verb(name, "start a guest from an XML file without defining it", LifeVerbs::create)
              .operand("file")
              .flag("paused", "leave it paused")
              .flag("console", "show its console")
              .flag("reset-nvram", "make its firmware's variables anew from their template")
              .flag("autodestroy", "with --console: power it off when that is left")
              .option("pass-fds", "fds", "refused: name files in its XML")
              .flag("no-validate", "accept what the schema does not know, with a warning each")
              .flag("validate", "refuse what the schema does not know (always so)");
      case "shutdown" ->
          new Verb(name, "ask guests to shut down", LifeVerbs::shutdown)
              .operands(Requests.DOMAIN)
              .option("mode", "acpi|agent|signal|initctl", "how to ask; what fits without this")
              .option("timeout", "seconds", "wait that long, then power it off");
      case "destroy" ->
          new Verb(name, "power guests off at once", LifeVerbs::destroy)
              .operands(Requests.DOMAIN)
              .flag("graceful", "only if its process ends by itself when told to")
              .flag("remove-logs", "remove its log too");
      case "reboot" ->
          new Verb(name, "ask guests to reboot", LifeVerbs::reboot)
              .operands(Requests.DOMAIN)
              .option("mode", "acpi|agent|signal|initctl", "how to ask");
      case "reset" -> each(name, "reset guests as by their reset button", "Domain %s was reset");
      case "suspend" -> each(name, "pause guests", "Domain %s suspended");
      case "resume" -> each(name, "let paused guests go on", "Domain %s resumed");
      case "await" ->
          new Verb(name, "wait until guests are in a state", LifeVerbs::await)
              .operands(Requests.DOMAIN)
              .option("state", "state", "running, paused, shutoff or agent; shutoff without this")
              .option("timeout", "seconds", "give up after that long");
      case "console" ->
          new Verb(
                  name,
                  "connect to a guest's console; ^] leaves it",
                  in -> new Console(in).run(in.operand(Requests.DOMAIN)))
              .operand(Requests.DOMAIN)
              .option("devname", "alias", "another of its consoles")
              .flag("force", "even if somebody else looks at it (several may)")
              .flag("safe", "only where nobody gets in the way of others (so anyway)")
              .option("escape", "key", "the key that leaves it, as ^]");
      case "ttyconsole" ->
          new Verb(
                  name,
                  "show the pseudo terminal of a guest's first serial port",
                  in ->
                      Requests.print(
                          in,
                          name,
                          Requests.guest(in),
                          reply -> Requests.cell(Requests.members(reply), "path", "") + "\n\n"))
              .operand(Requests.DOMAIN);
      case "dump" ->
          new Verb(name, "write a guest's memory into a file, as an ELF core", LifeVerbs::dump)
              .operand(Requests.DOMAIN)
              .operand("file")
              .flag("memory-only", "the memory (so anyway)")
              .option(
                  "format",
                  "format",
                  "elf (so without this), kdump-zlib, kdump-lzo, kdump-snappy, win-dmp")
              .flag("live", "do not pause it first (QEMU does while it writes)")
              .flag("crash", "power it off afterwards")
              .flag("reset", "reset it afterwards");
      case "log" ->
          new Verb(name, "show the guest's own log", LifeVerbs::log)
              .operand(Requests.DOMAIN)
              .option("lines", "number", "the last ones only");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb each(String name, String summary, String sentence) {
    return new Verb(name, summary, in -> Requests.each(in, name, Json.object(), sentence))
        .operands(Requests.DOMAIN);
  }

  private static void refuseWhatCannotBe(Invocation in) {
    if (in.value("pass-fds").isPresent()) {
      throw new ControlException(
          Outcome.USAGE,
          "a command's descriptors do not reach the daemon: name the files in the guest's XML");
    }
    if (in.flag("autodestroy") && !in.flag("console")) {
      throw new ControlException(
          Outcome.USAGE,
          "--autodestroy goes with --console: a command that ends would end the guest at once");
    }
  }

  private static Outcome start(Invocation in) throws IOException {
    refuseWhatCannotBe(in);
    Members how =
        Json.object(
            "paused", in.flag("paused"),
            "forceBoot", in.flag("force-boot"),
            "bypassCache", in.flag("bypass-cache"),
            "resetNvram", in.flag("reset-nvram"),
            "timings", in.flag("timings"));
    List<String> names = in.operands(Requests.DOMAIN);
    Outcome outcome =
        new ManyNames(in, "start")
            .run(
                names,
                name -> Json.object("guest", name).with(how),
                (name, reply) -> "Domain '" + name + "' started\n" + StartSteps.text(reply));
    return outcome == Outcome.DONE && in.flag("console") && names.size() == 1
        ? new Console(in).run(names.getFirst())
        : outcome;
  }

  private static Outcome create(Invocation in) throws IOException {
    refuseWhatCannotBe(in);
    String file = in.operand("file");
    Members arguments =
        Json.object(
            "xml", Requests.file(file),
            "file", file,
            "validate", !in.flag("no-validate"),
            "resetNvram", in.flag("reset-nvram"),
            "paused", in.flag("paused"));
    Members created = Requests.members(in.session().client().ask("create", arguments));
    if (in.options().json()) {
      in.output().json(created);
    } else {
      in.output().line("Domain '" + created.text("name") + "' created from " + file + "\n");
    }
    return in.flag("console") ? new Console(in).run(created.text("name")) : Outcome.DONE;
  }

  private static Outcome shutdown(Invocation in) throws IOException {
    boolean waits = in.value("timeout").isPresent();
    if (waits) {
      Interruption.listen(in.session(), in.output());
    }
    Members how = Json.object("mode", in.value("mode"), "timeout", in.number("timeout", 1));
    return Requests.each(
        in, "shutdown", how, waits ? "Domain %s is shut off" : "Domain %s is being shutdown");
  }

  private static Outcome destroy(Invocation in) throws IOException {
    Members how =
        Json.object("graceful", in.flag("graceful"), "removeLogs", in.flag("remove-logs"));
    return Requests.each(in, "destroy", how, "Domain %s destroyed");
  }

  private static Outcome reboot(Invocation in) throws IOException {
    Members how = Json.object("mode", in.value("mode"));
    return Requests.each(in, "reboot", how, "Domain %s is being rebooted");
  }

  private static Outcome await(Invocation in) throws IOException {
    String state = in.value("state").orElse("shutoff");
    Members what = Json.object("state", state, "timeout", in.number("timeout", 0));
    return Requests.each(
        in,
        "await",
        what,
        state.equals("agent") ? "Domain %s: its agent answers" : "Domain %s is " + state);
  }

  private static Outcome dump(Invocation in) throws IOException {
    String file = in.operand("file");
    Members what =
        Json.object(
            "file", Requests.absolute(file),
            "format", in.value("format"),
            "live", in.flag("live"),
            "crash", in.flag("crash"),
            "reset", in.flag("reset"));
    return Requests.say(
        in,
        "dump",
        Requests.guest(in).with(what),
        "Domain '" + in.operand(Requests.DOMAIN) + "' dumped to " + file);
  }

  private static Outcome log(Invocation in) throws IOException {
    return Requests.print(
        in,
        "log",
        Requests.guest(in).with(Json.object("lines", in.number("lines", 1))),
        reply -> Requests.members(reply).text("text"));
  }
}
