package launcher.engine.network;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import launcher.drivers.plan.LinkStep;
import launcher.drivers.plan.LinkStep.Rate;
import launcher.engine.EngineException;
import launcher.spawn.SpawnException;

/**
 * Limits on the traffic of a link, by the kernel's traffic control (tc-htb(8)): a token bucket for
 * what the host sends. What the host receives is first led through an intermediate device (ifb),
 * where it can be sent as well: it is held back and not dropped, as a policer would, so that
 * connections come up to the rate. A kernel that lacks any of it is told of, and nothing is limited
 * by halves.
 */
final class TrafficLimit {
  /** The kernel's own limit on names, less the final zero. */
  private static final int LONGEST_NAME = 15;

  private static final String STEM = "ifb-";

  /** Frames that wait at most: more would only make everybody wait. */
  private static final int QUEUE = 128;

  /** There is one class and nobody to share with: any number, so that the kernel does not warn. */
  private static final int QUANTUM = 60_000;

  private TrafficLimit() {}

  /**
   * Puts limits in place, instead of those that are there.
   *
   * @throws EngineException when the kernel cannot, naming the direction and its reason
   */
  static void put(HostTools tools, LinkStep.LimitTraffic limits) {
    String device = HostTools.word(limits.device());
    limits.sent().ifPresent(rate -> attempt(tools, device, "sent", bucket(device, rate)));
    limits
        .received()
        .ifPresent(rate -> attempt(tools, device, "received", () -> received(tools, device, rate)));
  }

  private static void attempt(HostTools tools, String device, String what, List<String> lines) {
    attempt(
        tools,
        device,
        what,
        () -> {
          clear(tools, device, "root");
          tools.tcBatch(lines);
        });
  }

  private static void attempt(HostTools tools, String device, String what, Runnable act) {
    try {
      act.run();
    } catch (SpawnException e) {
      remove(tools, device);
      throw new EngineException(
          EngineException.Kind.FAILED,
          "this kernel cannot limit what is %s on '%s', so it would not be limited at all: leave <bandwidth> out, or load what is missing (sch_htb, ifb, act_mirred, cls_u32): %s"
              .formatted(what, device, e.getMessage()),
          e);
    }
  }

  private static List<String> bucket(String device, Rate rate) {
    long peak = Math.max(rate.average(), rate.peak().orElse(rate.average()));
    String burst = rate.burst().map(kib -> " burst %dkb cburst %<dkb".formatted(kib)).orElse("");
    return List.of(
        "qdisc add dev %s root handle 1: htb default 1".formatted(device),
        "class add dev %s parent 1: classid 1:1 htb rate %dkbps ceil %dkbps%s quantum %d"
            .formatted(device, rate.average(), peak, burst, QUANTUM));
  }

  private static void received(HostTools tools, String device, Rate rate) {
    String between = between(device);
    removeLink(tools, between);
    tools.ipBatch(
        List.of(
            "link add name %s txqueuelen %d type ifb".formatted(between, QUEUE),
            "link set dev " + between + " addrgenmode none up"));
    clear(tools, device, "ingress");
    List<String> lines = new ArrayList<>(bucket(between, rate));
    lines.add("qdisc add dev " + device + " ingress");
    lines.add(
        "filter add dev %s parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev %s"
            .formatted(device, between));
    tools.tcBatch(lines);
  }

  /** Takes limits away; those of a link that is gone went with it, but for the device between. */
  static void remove(HostTools tools, String device) {
    if (new HostRoutes(tools).link(device).isPresent()) {
      clear(tools, device, "root");
      clear(tools, device, "ingress");
    }
    removeLink(tools, between(device));
  }

  private static void clear(HostTools tools, String device, String which) {
    try {
      tools.tcBatch(List.of("qdisc delete dev " + device + " " + which));
    } catch (SpawnException nothingThere) {
      // the kernel's own queue cannot be deleted, and need not
      return;
    }
  }

  /** Somebody else's link of that name is left alone; making ours will say that it is there. */
  private static void removeLink(HostTools tools, String name) {
    boolean ours =
        new HostRoutes(tools)
            .link(name)
            .filter(link -> link.object("linkinfo").string("info_kind", "").equals("ifb"))
            .isPresent();
    if (ours) {
      tools.ipBatch(List.of("link delete dev " + name));
    }
  }

  /** Name of the device between: it tells whose it is, as far as the kernel's limit allows. */
  static String between(String device) {
    if (STEM.length() + device.length() <= LONGEST_NAME) {
      return STEM + device;
    }
    CRC32 sum = new CRC32();
    sum.update(device.getBytes(StandardCharsets.UTF_8));
    return "%s%08x".formatted(STEM, sum.getValue());
  }
}
