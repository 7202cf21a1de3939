package launcher.drivers.qemu.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.BandwidthLimits;
import launcher.drivers.plan.LinkStep;
import launcher.drivers.qemu.command.CommandLine;
import launcher.schemas.XmlElement;

/**
 * The links of a guest's network cards: what the command asks for as descriptors is made and
 * plugged in before QEMU is born. The engine has said in the tree which bridge a network is and
 * what each link is called.
 */
final class LinkSteps {
  private LinkSteps() {}

  static List<LinkStep> of(List<XmlElement> cards, List<CommandLine.PassedDescriptor> passed) {
    List<LinkStep> steps = new ArrayList<>();
    for (XmlElement card : cards) {
      List<String> taps = taps(card, passed);
      if (!taps.isEmpty()) {
        LinkStep link = step(card, taps);
        steps.add(link);
        limits(card, link).ifPresent(steps::add);
      }
    }
    return steps;
  }

  /** {@code tap net0}, or {@code tap net0 queue 1}. */
  private static List<String> taps(XmlElement card, List<CommandLine.PassedDescriptor> passed) {
    String name = "tap " + card.value("alias/@name", "");
    return passed.stream()
        .map(CommandLine.PassedDescriptor::name)
        .filter(n -> n.equals(name) || n.startsWith(name + " queue "))
        .toList();
  }

  private static LinkStep step(XmlElement card, List<String> descriptors) {
    String device = card.value("target/@dev", "");
    String mac = card.value("mac/@address", "");
    boolean headers = card.value("model/@type", "").startsWith("virtio");
    Optional<String> link = card.value("source/@dev").filter(dev -> macvtap(card));
    if (link.isPresent()) {
      String mode = card.value("source/@mode", "vepa").replace("passthrough", "passthru");
      return new LinkStep.PlugMacvtap(device, descriptors, link.get(), mode, mac, headers);
    }
    return new LinkStep.PlugTap(
        device,
        descriptors,
        card.value("source/@bridge"),
        hostEnd(mac),
        card.value("mtu/@size").map(Integer::valueOf),
        headers,
        card.value("port/@isolated", "no").equals("yes"),
        card.value("source/@macTableManager").filter("libvirt"::equals).map(told -> mac));
  }

  private static Optional<LinkStep.LimitTraffic> limits(XmlElement card, LinkStep link) {
    return link instanceof LinkStep.PlugMacvtap
        ? BandwidthLimits.ofMacvtap(card, link.device())
        : BandwidthLimits.ofPort(card, link.device());
  }

  private static boolean macvtap(XmlElement card) {
    return card.is("type", "direct") || card.is("type", "network");
  }

  /** The highest of addresses, so that no bridge takes its own from a guest that comes and goes. */
  private static String hostEnd(String mac) {
    return mac.length() < 2 ? mac : "fe" + mac.substring(2);
  }
}
