package launcher.cli;

import java.io.IOException;
import java.util.List;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The verb {@code event}: prints what happens to guests. */
final class Events {
  private Events() {}

  static Verb verb() {
    return new Verb("event", "wait for what happens to guests and print it", Events::run)
        .option(Requests.DOMAIN, "guest", "of that guest only")
        .option("event", "kind", "of that kind only, such as lifecycle")
        .flag("all", "of every kind (so anyway)")
        .flag("list", "show the kinds")
        .flag("loop", "go on until interrupted")
        .flag("timestamp", "with the time")
        .option("timeout", "seconds", "give up after that long");
  }

  /** The kinds the daemon tells of. */
  private static final List<String> KINDS =
      List.of(
          "lifecycle",
          "state",
          "reboot",
          "watchdog",
          "io-error",
          "core-dump",
          "block-job",
          "block-threshold",
          "device-added",
          "device-removed",
          "monitor",
          "leftover",
          "failure");

  private static Outcome run(Invocation in) throws IOException {
    if (in.flag("list")) {
      if (in.options().json()) {
        in.output().json(Json.of(KINDS));
      } else {
        in.output().text(String.join("\n", KINDS) + "\n\n");
      }
      return Outcome.DONE;
    }
    in.value("event")
        .filter(kind -> !KINDS.contains(kind))
        .ifPresent(kind -> {
          throw new ControlException(
              Outcome.USAGE,
              "there is no kind of event '"
                  + kind
                  + "'"
                  + Spelling.hint(kind, KINDS)
                  + "; see 'launcher event --list'");
        });
    Members which =
        Json.object(
            "guest", in.value(Requests.DOMAIN),
            "kind", in.value("event"),
            "timeout", in.number("timeout", 1));
    EventLoop.Heard heard =
        EventLoop.run(in, "event", which, event -> EventLoop.print(in, event, "domain", "guest"));
    if (heard.timedOut()) {
      in.output().note("events received: " + heard.count() + "\n");
    }
    return Outcome.DONE;
  }
}
