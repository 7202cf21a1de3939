package launcher.drivers.lxc;

import java.util.ArrayList;
import java.util.List;
import launcher.schemas.XmlElement;

/** {@code <features><capabilities>}: what root in the container may do. */
final class CapabilityPolicy {
  /**
   * Not given unless asked for (libvirt formatdomain, "capabilities"): with any of them the
   * container could reach the host's kernel, clock, devices or audit.
   */
  private static final List<String> DROPPED_BY_DEFAULT =
      List.of("audit_control", "mac_admin", "mknod", "sys_module", "sys_time");

  private final String policy;
  private final List<XmlElement> named;

  private CapabilityPolicy(String policy, List<XmlElement> named) {
    this.policy = policy;
    this.named = named;
  }

  static CapabilityPolicy of(XmlElement domain) {
    return domain
        .at("features/capabilities")
        .map(c -> new CapabilityPolicy(c.attribute("policy", "default"), c.children()))
        .orElse(new CapabilityPolicy("default", List.of()));
  }

  void write(LxcConfiguration out) {
    switch (policy) {
      case "deny" -> {
        List<String> kept = names("on");
        out.add("lxc.cap.keep", kept.isEmpty() ? "none" : String.join(" ", kept));
      }
      case "allow" -> drop(out, names("off"));
      default -> {
        List<String> dropped = new ArrayList<>(DROPPED_BY_DEFAULT);
        dropped.removeAll(names("on"));
        names("off").stream().filter(n -> !dropped.contains(n)).forEach(dropped::add);
        drop(out, dropped);
      }
    }
  }

  private static void drop(LxcConfiguration out, List<String> dropped) {
    if (!dropped.isEmpty()) {
      out.add("lxc.cap.drop", String.join(" ", dropped));
    }
  }

  /** Whether the container may make device nodes. */
  boolean makesNodes() {
    return switch (policy) {
      case "allow" -> !names("off").contains("mknod");
      default -> names("on").contains("mknod");
    };
  }

  private List<String> names(String state) {
    return named.stream().filter(c -> c.is("state", state)).map(XmlElement::name).toList();
  }
}
