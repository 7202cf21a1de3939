package launcher.cli;

import java.io.IOException;
import java.util.List;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
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
    EventLoop.Heard heard =
        EventLoop.run(
            in, "net-event", which, event -> EventLoop.print(in, event, "network", "network"));
    if (heard.timedOut()) {
      in.output().note("event loop timed out\n");
    }
    in.output().note("events received: " + heard.count() + "\n");
    // as virsh: to have waited in vain is a failure
    return heard.count() == 0 ? Outcome.FAILED : Outcome.DONE;
  }
}
