package launcher.engine.network;

import java.util.ArrayList;
import java.util.List;
import launcher.drivers.dnsmasq.network.NetworkStep;
import launcher.engine.EngineException;
import launcher.schemas.network.Bandwidth;
import launcher.spawn.SpawnException;

/**
 * Limits on the traffic of a link, by the kernel's traffic control: a token bucket for what guests
 * receive, a policer for what they send. A kernel without either is told of, and nothing is limited
 * by halves.
 */
final class BandwidthLimit {
  private static final String PARENT = "1:";

  private BandwidthLimit() {}

  static void put(HostTools tools, NetworkStep.LimitTraffic step) {
    put(tools, step.bridge(), step.bandwidth());
  }

  static void put(HostTools tools, String link, Bandwidth bandwidth) {
    bandwidth.inbound().ifPresent(limit -> attempt(tools, link, "inbound", inbound(link, limit)));
    bandwidth
        .outbound()
        .ifPresent(limit -> attempt(tools, link, "outbound", outbound(link, limit)));
  }

  private static void attempt(HostTools tools, String link, String direction, List<String> lines) {
    try {
      tools.tcBatch(lines);
    } catch (SpawnException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "this kernel cannot limit %s traffic of '%s', so it would not be limited at all: leave <bandwidth> out, or load what is missing: %s"
              .formatted(direction, link, e.getMessage()),
          e);
    }
  }

  /** Guests receive what the link sends: a class with rate and ceiling, in KiB a second. */
  private static List<String> inbound(String link, Bandwidth.Limit limit) {
    long rate = limit.average().orElse(limit.floor().orElse(1L));
    long peak = limit.peak().orElse(rate);
    String burst = limit.burst().map(kib -> " burst " + kib + "kb").orElse("");
    List<String> lines = new ArrayList<>();
    lines.add("qdisc replace dev %s root handle %s htb default 1".formatted(link, PARENT));
    lines.add(
        "class add dev %s parent %s classid 1:1 htb rate %dkbps ceil %dkbps%s"
            .formatted(link, PARENT, rate, peak, burst));
    return lines;
  }

  /** What guests send arrives at the link, where it can only be dropped. */
  private static List<String> outbound(String link, Bandwidth.Limit limit) {
    long rate = limit.average().orElse(1L);
    long burst = limit.burst().orElse(Math.max(rate, 64));
    return List.of(
        "qdisc add dev " + link + " ingress",
        "filter add dev %s parent ffff: protocol all u32 match u32 0 0 police rate %dkbps burst %dkb mtu 64kb drop flowid :1"
            .formatted(link, rate, burst));
  }
}
