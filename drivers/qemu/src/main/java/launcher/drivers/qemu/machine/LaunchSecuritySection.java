package launcher.drivers.qemu.machine;

import java.util.Optional;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.LaunchSecurity;
import launcher.schemas.domain.Numbers;

/** The object that keeps guest memory from the host: SEV, SEV-SNP, TDX or s390's own way. */
public final class LaunchSecuritySection {
  private static final String ID = "lsec0";

  private LaunchSecuritySection() {}

  /** Writes the object. */
  public static void write(Guest guest, CommandLine out) {
    guest
        .domain()
        .launchSecurity()
        .ifPresent(s -> props(guest, s).ifPresent(p -> out.add(s, "-object", p)));
  }

  private static Optional<Props> props(Guest guest, LaunchSecurity security) {
    return switch (security.type().orElse("")) {
      case "sev" -> Optional.of(sev(guest, security));
      case "sev-snp" -> Optional.of(snp(security));
      case "tdx" -> Optional.of(tdx(security));
      case "s390-pv" -> Optional.of(Props.of("qom-type", "s390-pv-guest").put("id", ID));
      default -> Optional.empty();
    };
  }

  private static void number(Props props, String key, Optional<String> text) {
    props.put(key, Numbers.parse(text.orElse(null)));
  }

  private static void encryptionBit(Props props, LaunchSecurity security) {
    number(props, "cbitpos", security.cbitpos());
    number(props, "reduced-phys-bits", security.reducedPhysBits());
  }

  private static Props sev(Guest guest, LaunchSecurity security) {
    Props props = Props.of("qom-type", "sev-guest").put("id", ID);
    encryptionBit(props, security);
    number(props, "policy", security.policy());
    String folder = guest.folder();
    security.dhCert().ifPresent(c -> props.put("dh-cert-file", folder + "/dh_cert.base64"));
    security.session().ifPresent(s -> props.put("session-file", folder + "/session.base64"));
    return props.onOff("kernel-hashes", security.kernelHashes());
  }

  private static Props snp(LaunchSecurity security) {
    Props props = Props.of("qom-type", "sev-snp-guest").put("id", ID);
    encryptionBit(props, security);
    props.onOff("kernel-hashes", security.kernelHashes());
    number(props, "policy", security.policy());
    props
        .put("guest-visible-workarounds", security.guestVisibleWorkarounds())
        .put("id-block", security.idBlock())
        .put("id-auth", security.idAuth())
        .put("host-data", security.hostData())
        .onOff("author-key-enabled", security.authorKey());
    security.vcek().ifPresent(v -> props.put("vcek-disabled", v.equals("no")));
    return props;
  }

  private static Props tdx(LaunchSecurity security) {
    Props props = Props.of("qom-type", "tdx-guest").put("id", ID);
    number(props, "attributes", security.policy());
    props
        .put("mrconfigid", security.mrConfigId())
        .put("mrowner", security.mrOwner())
        .put("mrownerconfig", security.mrOwnerConfig());
    security
        .quoteGenerationService()
        .flatMap(LaunchSecurity.Qgs::path)
        .ifPresent(
            p -> props.put("quote-generation-socket", Props.of("type", "unix").put("path", p)));
    return props;
  }
}
