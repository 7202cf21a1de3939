package launcher.cli;

import java.io.IOException;
import java.util.List;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Message;
import launcher.control.Outcome;

/** The verb {@code net-event}: prints what happens to networks. */
final class NetworkEvents {
  private static final List<String> KINDS = List.of("lifecycle", "lease", "server");

  private NetworkEvents() {}

  static Verb verb() {
    return new Verb(
            "net-event", "wait for what happens to networks and print it", NetworkEvents::run)
        .option(NetworkVerbs.NETWORK, "network", "of that network only")
        .option("event", "kind", "of that kind only: lifecycle, lease or server (its dnsmasq)")
        .flag("loop", "go on until interrupted")
        .flag("timestamp", "with the time")
        .flag("list", "say which kinds there are")
        .option("timeout", "seconds", "give up after that long");
  }

  private static Outcome run(Invocation in) throws IOException {
    if (in.flag("list")) {
      KINDS.forEach(in.output()::line);
      return Outcome.DONE;
    }
    if (in.value("event").filter(kind -> !KINDS.contains(kind)).isPresent()) {
      throw new ControlException(
          Outcome.USAGE, "'" + in.value("event").get() + "' is no kind of event; see --list");
    }
    Members which =
        Json.object(
            "network", in.value(NetworkVerbs.NETWORK),
            "kind", in.value("event"),
            "timeout", in.number("timeout", 1));
    Client client = in.session().client();
    client.send("net-event", which);
    int seen = 0;
    while (true) {
      switch (client.receive()) {
        case Message.Event(long _, Json body) -> {
          print(in, Requests.members(body));
          seen++;
          if (!in.flag("loop")) {
            return received(in, seen);
          }
        }
        case Message.Reply _ -> {
          in.output().note("event loop timed out\n");
          return received(in, seen);
        }
        case Message.Failure(long _, Outcome outcome, String text) ->
            throw new ControlException(outcome, text);
        case Message.Greeting _, Message.Request _, Message.Stream _ ->
            throw new ControlException(Outcome.FAILED, "the daemon answered out of turn");
      }
    }
  }

  /** As virsh: to have waited in vain is a failure. */
  private static Outcome received(Invocation in, int seen) {
    in.output().note("events received: " + seen + "\n");
    return seen == 0 ? Outcome.FAILED : Outcome.DONE;
  }

  private static void print(Invocation in, Members event) {
    if (in.options().json()) {
      in.output().jsonLine(event);
      return;
    }
    String time = in.flag("timestamp") ? Requests.cell(event, "at", "") + ": " : "";
    in.output()
        .line(
            "%sevent '%s' for network '%s': %s"
                .formatted(
                    time,
                    event.text("kind"),
                    Table.printable(event.text("network")),
                    Table.printable(event.text("detail"))));
  }
}
