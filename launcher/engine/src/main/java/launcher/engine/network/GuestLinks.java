package launcher.engine.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.LinkStep;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;

/** Carries out the steps that connect guests' network cards. */
public final class GuestLinks {
  private static final Path LINKS = Path.of("/sys/class/net");
  private static final String PASSTHRU = "passthru";

  private final HostTools tools;

  /** With the one door to processes. */
  public GuestLinks(Spawner spawner) {
    tools = new HostTools(spawner);
  }

  /** Takes the descriptors of cards, for the process that is about to start. */
  @FunctionalInterface
  public interface Descriptors {
    /**
     * Takes one.
     *
     * @param name under which the command knows it
     * @param close what closes it
     */
    void provide(String name, int descriptor, Runnable close);
  }

  /**
   * Connects a card; its descriptors are handed over.
   *
   * @throws IOException when the kernel refuses
   */
  public void carryOut(LinkStep step, Descriptors descriptors) throws IOException {
    try {
      switch (step) {
        case LinkStep.PlugTap tap -> plug(tap, descriptors);
        case LinkStep.PlugMacvtap macvtap -> plug(macvtap, descriptors);
        case LinkStep.LimitTraffic limits -> TrafficLimit.put(tools, limits);
      }
    } catch (SpawnException | EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Limits a link that is there, instead of what limited it.
   *
   * @throws IOException when the kernel cannot
   */
  public void limit(LinkStep.LimitTraffic step) throws IOException {
    try {
      TrafficLimit.put(tools, step);
    } catch (SpawnException | EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void plug(LinkStep.PlugTap tap, Descriptors descriptors) throws IOException {
    boolean several = tap.descriptors().size() > 1;
    boolean there = Files.exists(LINKS.resolve(HostTools.word(tap.device())));
    for (String name : tap.descriptors()) {
      try {
        provide(name, TapDevice.openTap(tap.device(), tap.packetHeaders(), several), descriptors);
      } catch (IOException e) {
        throw there ? taken(tap.device(), e) : e;
      }
    }
    tools.ipBatch(lines(tap));
    tap.only().ifPresent(mac -> tools.bridgeBatch(List.of(told(mac, tap.device()))));
  }

  /** Where frames for a guest go, on a bridge that learns nothing of that port. */
  static String told(String mac, String port) {
    return "fdb replace %s dev %s master static"
        .formatted(HostTools.word(mac), HostTools.word(port));
  }

  /** A port whose guest cannot say that it is another, and that gets no frames for others. */
  static String learnsNothing(String port) {
    return "link set dev " + HostTools.word(port) + " type bridge_slave learning off flood off";
  }

  private static IOException taken(String device, IOException reason) {
    return new IOException(
        "'%s' is there already and in use (%s): name another one in <target dev='…'/>"
            .formatted(device, reason.getMessage()),
        reason);
  }

  private List<String> lines(LinkStep.PlugTap tap) {
    String set = "link set dev " + HostTools.word(tap.device());
    List<String> lines = new ArrayList<>();
    lines.add(set + " address " + HostTools.word(tap.mac()));
    tap.mtu()
        .or(() -> tap.bridge().flatMap(this::mtu))
        .ifPresent(m -> lines.add(set + " mtu " + m));
    tap.bridge().ifPresent(bridge -> lines.add(set + " master " + HostTools.word(bridge)));
    // the host has no address on a bridge's port, and says nothing of its own into it
    tap.bridge().ifPresent(bridge -> lines.add(set + " addrgenmode none"));
    if (tap.isolated()) {
      lines.add(set + " type bridge_slave isolated on");
    }
    if (tap.only().isPresent()) {
      lines.add(learnsNothing(tap.device()));
    }
    lines.add(set + " up");
    return lines;
  }

  /** A port with a smaller MTU would make the whole bridge smaller. */
  private Optional<Integer> mtu(String bridge) {
    List<JsonObject> links = tools.ip("link", "show", "dev", bridge);
    long size = links.isEmpty() ? 0 : links.getFirst().number("mtu", 0);
    return size == 0 ? Optional.empty() : Optional.of((int) size);
  }

  private void plug(LinkStep.PlugMacvtap step, Descriptors descriptors) throws IOException {
    String set = "link set dev " + HostTools.word(step.device());
    List<String> lines = new ArrayList<>();
    lines.add(
        "link add link %s name %s address %s type macvtap mode %s"
            .formatted(
                HostTools.word(step.link()),
                step.device(),
                HostTools.word(step.mac()),
                HostTools.word(step.mode())));
    if (step.mode().equals(PASSTHRU)) {
      // born with the address of the interface below, which it gives its own to until its end
      lines.add(set + " address " + step.mac());
    }
    lines.add(set + " up");
    tools.ipBatch(lines);
    long index = tools.ip("link", "show", "dev", step.device()).getFirst().number("ifindex", 0);
    boolean several = step.descriptors().size() > 1;
    for (String name : step.descriptors()) {
      provide(name, TapDevice.openMacvtap(index, step.packetHeaders(), several), descriptors);
    }
  }

  private static void provide(String name, int descriptor, Descriptors descriptors) {
    descriptors.provide(name, descriptor, () -> TapDevice.close(descriptor));
  }

  /** Takes a step back; a tap went with its holder, and a macvtap that is gone is no harm. */
  public void undo(LinkStep step) {
    switch (step) {
      case LinkStep.PlugTap tap -> {
        // the kernel removes it with the last descriptor
      }
      case LinkStep.PlugMacvtap macvtap -> {
        if (new HostRoutes(tools).link(macvtap.device()).isPresent()) {
          tools.ipBatch(List.of("link delete dev " + macvtap.device()));
        }
      }
      case LinkStep.LimitTraffic limits -> TrafficLimit.remove(tools, limits.device());
    }
  }
}
