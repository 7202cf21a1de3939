package launcher.drivers.qemu.devices;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Completion of network interfaces. */
final class InterfaceRules {
  /** Models that are known by name, whatever letters they are written with. */
  private static final Set<String> KNOWN_MODELS =
      Set.of(
          "netfront",
          "rtl8139",
          "virtio",
          "e1000",
          "e1000e",
          "igb",
          "virtio-transitional",
          "virtio-non-transitional",
          "usb-net",
          "spapr-vlan",
          "lan9118",
          "smc91c111",
          "vlance",
          "vmxnet",
          "vmxnet2",
          "vmxnet3");

  private InterfaceRules() {}

  /** Everything an interface has by itself. */
  static void complete(Draft draft) {
    List<XmlElement> all = draft.devices("interface");
    for (int i = 0; i < all.size(); i++) {
      XmlElement card = all.get(i);
      completeMac(draft, card, i);
      completeModel(draft, card);
      if (card.is("type", "direct")) {
        card.child("source").ifPresent(s -> s.setDefault("mode", "vepa"));
      }
      completeDriver(card);
      completeAddresses(card);
      dropEmptyCoalescing(card);
      forgetTapName(card);
      noNothing(card);
      virtualPort(draft, card);
      card.child("boot").ifPresent(InterfaceRules::capitalize);
    }
  }

  // The boot loader of s390 compares in capital letters.
  private static void capitalize(XmlElement boot) {
    boot.attribute("loadparm")
        .ifPresent(parameter -> boot.set("loadparm", parameter.toUpperCase(Locale.ROOT)));
  }

  private static void completeMac(Draft draft, XmlElement card, int index) {
    XmlElement mac = card.childOrAdd("mac");
    String address = mac.attribute("address", "");
    boolean none = address.isEmpty() || address.matches("0{1,2}(:0{1,2}){5}");
    mac.set("address", none ? newMac(draft, index) : normalized(address));
  }

  private static String normalized(String mac) {
    return Stream.of(mac.split(":", -1))
        .map(part -> part.length() == 1 ? "0" + part : part)
        .collect(Collectors.joining(":"))
        .toLowerCase(Locale.ROOT);
  }

  // QEMU's own range; the rest follows from the guest, so that completing again gives the same.
  private static String newMac(Draft draft, int index) {
    String guest = draft.domain().value("uuid", "") + draft.domain().value("name", "");
    byte[] digest = sha256(guest + "/interface/" + index);
    return "52:54:00:%02x:%02x:%02x".formatted(digest[0], digest[1], digest[2]);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void completeModel(Draft draft, XmlElement card) {
    String model = card.value("model/@type", "");
    String small = model.toLowerCase(Locale.ROOT);
    if (!model.isEmpty()) {
      card.childOrAdd("model").set("type", KNOWN_MODELS.contains(small) ? small : model);
    } else if (needsVirtio(card)) {
      card.childOrAdd("model").set("type", "virtio");
    } else if (!card.is("type", "hostdev")) {
      card.childOrAdd("model").set("type", usualModel(draft.machine(), draft.capabilities()));
    }
  }

  private static boolean needsVirtio(XmlElement card) {
    return card.is("type", "vdpa") || card.is("type", "vhostuser");
  }

  private static String usualModel(Machine machine, QemuCapabilities capabilities) {
    if (machine.s390() || machine.armVirt() || machine.riscvVirt() || machine.loongarchVirt()) {
      return "virtio";
    }
    if (machine.arm()) {
      return machine.name().equals("versatilepb") ? "smc91c111" : "lan9118";
    }
    if (capabilities.has("rtl8139")) {
      return "rtl8139";
    }
    return capabilities.has("e1000") ? "e1000" : "virtio";
  }

  // The options of a virtio card mean nothing on another one.
  private static void completeDriver(XmlElement card) {
    boolean virtio = card.value("model/@type", "").startsWith("virtio");
    boolean assigned = card.is("type", "hostdev");
    if (!virtio) {
      card.child("backend").ifPresent(backend -> backend.unset("vhost"));
    }
    card.child("driver")
        .ifPresent(driver -> {
          if (!virtio && !assigned) {
            driver.detach();
            return;
          }
          if (driver.is("queues", "1")) {
            driver.unset("queues");
          }
          dropIfEmpty(driver);
        });
    card.child("backend").ifPresent(InterfaceRules::dropIfEmpty);
  }

  private static void dropIfEmpty(XmlElement element) {
    if (element.attributes().isEmpty() && element.children().isEmpty()) {
      element.detach();
    }
  }

  private static void completeAddresses(XmlElement card) {
    Stream.concat(
            card.children("ip").stream(),
            card.child("source").stream().flatMap(s -> s.children("ip").stream()))
        .forEach(ip ->
            ip.setDefault("family", ip.attribute("address", "").contains(":") ? "ipv6" : "ipv4"));
  }

  // What is zero is not there, a connection is made where nothing is said, and what belongs to one
  // run only is not the definition's.
  private static void noNothing(XmlElement card) {
    card.child("mtu").filter(m -> m.is("size", "0")).ifPresent(XmlElement::detach);
    card.child("source").ifPresent(source -> source.unset("portid"));
    card.child("backend")
        .filter(b -> b.is("type", "default"))
        .ifPresent(b -> {
          b.unset("type");
          dropIfEmpty(b);
        });
    if (card.is("type", "user") && !InterfaceRefusals.passt(card)) {
      card.child("backend").ifPresent(b -> b.unset("logFile"));
      card.child("backend").ifPresent(InterfaceRules::dropIfEmpty);
      card.child("source").ifPresent(XmlElement::detach); // of passt only
    }
    if (card.is("type", "vhostuser")) {
      card.child("source")
          .filter(s -> s.has("path"))
          .ifPresent(s -> s.setDefault("mode", "client"));
    }
    if (!Set.of("network", "bridge", "ethernet").contains(card.attribute("type", ""))) {
      card.child("filterref").ifPresent(XmlElement::detach);
    }
  }

  // A port of a virtual switch has an identity of its own.
  private static void virtualPort(Draft draft, XmlElement card) {
    XmlElement port = card.child("virtualport").orElse(null);
    if (port == null) {
      return;
    }
    boolean any = !port.has("type") && card.is("type", "network");
    if (any || port.is("type", "openvswitch")) {
      XmlElement parameters = port.childOrAdd("parameters");
      if (any && !parameters.has("instanceid")) {
        parameters.set("instanceid", draft.random().uuid());
      }
      if (!parameters.has("interfaceid")) {
        parameters.set("interfaceid", draft.random().uuid());
      }
    }
  }

  private static void dropEmptyCoalescing(XmlElement card) {
    card.child("coalesce")
        .filter(c -> c.value("rx/frames/@max", "0").equals("0"))
        .ifPresent(XmlElement::detach);
  }

  // Names that the launcher gives are different at each start.
  private static void forgetTapName(XmlElement card) {
    card.child("target")
        .filter(t -> isOurs(t.attribute("dev", "")))
        .ifPresent(target -> {
          target.unset("dev");
          dropIfEmpty(target);
        });
  }

  private static boolean isOurs(String device) {
    return device.startsWith("vnet")
        || device.startsWith("macvtap")
        || device.startsWith("macvlan");
  }
}
