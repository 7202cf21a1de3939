package launcher.drivers.lxc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import launcher.schemas.XmlElement;

/** Says what a container's definition leaves unsaid, the same for ever after. */
final class ContainerCompletion {
  /** libvirt's order of elements. */
  private static final List<String> ORDER =
      List.of(
          "name",
          "uuid",
          "title",
          "description",
          "metadata",
          "maxMemory",
          "memory",
          "currentMemory",
          "blkiotune",
          "memtune",
          "vcpu",
          "cputune",
          "numatune",
          "resource",
          "os",
          "idmap",
          "features",
          "clock",
          "on_poweroff",
          "on_reboot",
          "on_crash",
          "devices",
          "seclabel",
          "namespace");

  private final XmlElement domain;
  private final String uuid;
  private final String hostArchitecture;

  private ContainerCompletion(XmlElement domain, String uuid, String hostArchitecture) {
    this.domain = domain;
    this.uuid = uuid;
    this.hostArchitecture = hostArchitecture;
  }

  /**
   * Completes a definition in place.
   *
   * @param uuid for a definition that has none
   * @param hostArchitecture in libvirt's names
   */
  static void complete(XmlElement domain, String uuid, String hostArchitecture) {
    new ContainerCompletion(domain, uuid, hostArchitecture).all();
  }

  private void all() {
    text("uuid", uuid);
    memory();
    processors();
    boot();
    domain.childOrAdd("clock").setDefault("offset", "utc");
    text("on_poweroff", "destroy");
    text("on_reboot", "restart");
    text("on_crash", "destroy");
    domain.childOrAdd("devices").children().forEach(this::device);
    List<XmlElement> order = new ArrayList<>(domain.children());
    order.sort(Comparator.comparingInt((XmlElement e) -> ORDER.indexOf(e.name())));
    domain.reorder(order);
  }

  private void text(String element, String usual) {
    if (!domain.hasChild(element)) {
      domain.add(element).text(usual);
    }
  }

  private void memory() {
    inKib(domain, "memory");
    if (domain.hasChild("memory")) {
      inKib(domain, "currentMemory");
      if (!domain.hasChild("currentMemory")) {
        XmlElement now = domain.add("currentMemory").set("unit", "KiB");
        now.text(domain.value("memory", ""));
      }
    }
    List.of("hard_limit", "soft_limit", "min_guarantee", "swap_hard_limit")
        .forEach(limit -> inKib(domain, "memtune/" + limit));
  }

  private static void inKib(XmlElement domain, String path) {
    OptionalLong amount = Limits.kib(domain, path);
    if (amount.isPresent()) {
      XmlElement element = domain.at(path).orElseThrow();
      element.set("unit", "KiB").text(Long.toString(amount.getAsLong()));
    }
  }

  private void processors() {
    text("vcpu", "1");
    XmlElement vcpu = domain.childOrAdd("vcpu").setDefault("placement", "static");
    vcpu.attribute("cpuset").flatMap(IdSet::find).ifPresent(s -> vcpu.set("cpuset", s.toString()));
  }

  private void boot() {
    XmlElement os = domain.childOrAdd("os");
    XmlElement type = os.child("type").orElseGet(() -> os.addFirst(XmlElement.of("type")));
    type.setDefault("arch", hostArchitecture);
    if (type.text().isEmpty()) {
      type.text("exe");
    }
    if (!os.hasChild("init")) {
      type.addAfter(XmlElement.of("init").text("/sbin/init"));
    }
  }

  private void device(XmlElement device) {
    switch (device.name()) {
      case "filesystem" ->
          device.setDefault("type", "mount").setDefault("accessmode", "passthrough");
      case "interface" -> {
        if (!device.hasChild("mac")) {
          device.addFirst(XmlElement.of("mac").set("address", mac(device)));
        }
      }
      case "console" -> {
        device.setDefault("type", "pty");
        XmlElement target = device.childOrAdd("target").setDefault("type", "lxc");
        int number = siblings(device).indexOf(device);
        target.setDefault("port", Integer.toString(number));
      }
      default -> {
        // the rest says all of itself
      }
    }
  }

  private static List<XmlElement> siblings(XmlElement device) {
    return device.parent().orElseThrow().children(device.name());
  }

  /** From the container's UUID and the link's place: the same each time, unlike any other's. */
  private String mac(XmlElement device) {
    String seed = domain.value("uuid", uuid) + "#" + siblings(device).indexOf(device);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
      return "52:54:00:" + HexFormat.ofDelimiter(":").formatHex(digest, 0, 3);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
