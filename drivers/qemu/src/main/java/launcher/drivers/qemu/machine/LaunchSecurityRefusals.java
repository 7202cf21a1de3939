package launcher.drivers.qemu.machine;

import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Confidential guests that this QEMU, or this host, cannot run. */
final class LaunchSecurityRefusals {
  private LaunchSecurityRefusals() {}

  static void check(Draft draft) {
    draft.domain().child("launchSecurity").ifPresent(s -> check(draft, s));
  }

  private static void check(Draft draft, XmlElement security) {
    QemuCapabilities qemu = draft.capabilities();
    String type = security.attribute("type", "");
    boolean able =
        switch (type) {
          case "sev" -> qemu.sev() && qemu.has("sev-guest");
          case "sev-snp" -> qemu.sev() && qemu.has("sev-snp-guest");
          case "tdx" -> qemu.has("tdx-guest");
          case "s390-pv" -> qemu.has("s390-pv-guest");
          default -> false;
        };
    if (!able) {
      draft.refuse(
          security, "%s launch security is not supported with this QEMU binary".formatted(type));
    }
  }
}
