package launcher.drivers.qemu.firmware;

import java.util.Optional;
import java.util.regex.Pattern;
import launcher.drivers.qemu.capabilities.MachineType;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.host.FirmwareDescriptor;
import launcher.schemas.XmlElement;

/** Finds the first firmware of the host that fits what a domain asks for. */
final class FirmwareChoice {
  private final Draft draft;
  private final XmlElement os;
  private final XmlElement loader;
  private final XmlElement nvram;

  FirmwareChoice(Draft draft) {
    this.draft = draft;
    this.os = draft.domain().childOrAdd("os");
    this.loader = os.child("loader").orElse(XmlElement.of("loader"));
    this.nvram = os.child("nvram").orElse(XmlElement.of("nvram"));
  }

  /** The first descriptor, in their order of precedence, that fits. */
  Optional<FirmwareDescriptor> find() {
    return draft.host().firmware().stream().filter(this::fits).findFirst();
  }

  private boolean fits(FirmwareDescriptor firmware) {
    return type(firmware)
        && firmware.targets().stream().anyMatch(this::target)
        && paths(firmware)
        && mapping(firmware)
        && format(firmware)
        && features(firmware)
        && confidential(firmware);
  }

  private boolean type(FirmwareDescriptor firmware) {
    String wanted = os.attribute("firmware", "efi").equals("bios") ? "bios" : "uefi";
    return firmware.interfaces().contains(wanted);
  }

  private boolean target(FirmwareDescriptor.Target target) {
    String machine = draft.machine().name();
    String version =
        draft.capabilities().machine(draft.type(), machine).map(MachineType::name).orElse(machine);
    String arch = draft.machine().arch().equals("i686") ? "i386" : draft.machine().arch();
    return target.architecture().equals(arch)
        && target.machines().stream()
            .anyMatch(pattern -> glob(pattern, version) || glob(pattern, machine));
  }

  private static boolean glob(String pattern, String machine) {
    String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return machine.matches(regex);
  }

  private boolean paths(FirmwareDescriptor firmware) {
    boolean executable = loader.text().isEmpty() || loader.text().equals(firmware.executable());
    boolean template =
        nvram
            .attribute("template")
            .map(t -> firmware.template().filter(t::equals).isPresent())
            .orElse(true);
    return executable && template;
  }

  private boolean mapping(FirmwareDescriptor firmware) {
    String type = loader.attribute("type", "");
    return switch (firmware.device()) {
      case "flash" -> !type.equals("rom") && mode(firmware);
      // a ROM keeps no variables
      case "memory" ->
          !type.equals("pflash")
              && !loader.is("stateless", "no")
              && !os.hasChild("nvram")
              && (!loader.has("readonly") || loader.is("readonly", "yes"));
      default -> false;
    };
  }

  private boolean mode(FirmwareDescriptor firmware) {
    boolean stateless = loader.is("stateless", "yes");
    if (loader.is("readonly", "no")) {
      // one file of code and variables would be written to by every guest that shares it
      return false;
    }
    return switch (firmware.mode()) {
      case "split" -> !stateless;
      case "stateless" -> stateless && !os.hasChild("nvram");
      default -> false;
    };
  }

  /** Raw unless another format is asked for, or the file itself is. */
  private boolean format(FirmwareDescriptor firmware) {
    if (!loader.text().isEmpty()) {
      return true;
    }
    String wanted = loader.attribute("format").or(() -> nvram.attribute("format")).orElse("raw");
    return wanted.equals(firmware.executableFormat());
  }

  private boolean features(FirmwareDescriptor firmware) {
    boolean smm = !draft.domain().value("features/smm/@state", "").equals("off");
    if (firmware.has("requires-smm") && !smm) {
      return false;
    }
    boolean secureLoader = loader.is("secure", "yes");
    boolean smmFirmware = firmware.has("requires-smm");
    if ((secureLoader && !smmFirmware) || (loader.is("secure", "no") && smmFirmware)) {
      return false;
    }
    return sleep("suspend-to-mem", "acpi-s3", firmware)
        && sleep("suspend-to-disk", "acpi-s4", firmware)
        && asked("secure-boot", firmware)
        && asked("enrolled-keys", firmware);
  }

  private boolean sleep(String state, String feature, FirmwareDescriptor firmware) {
    return !draft.domain().value("pm/" + state + "/@enabled", "").equals("yes")
        || firmware.has(feature);
  }

  private boolean asked(String feature, FirmwareDescriptor firmware) {
    for (XmlElement wish : os.childOrAdd("firmware").children("feature")) {
      if (wish.is("name", feature)) {
        return firmware.has(feature) == wish.is("enabled", "yes");
      }
    }
    return true;
  }

  private boolean confidential(FirmwareDescriptor firmware) {
    return switch (draft.domain().value("launchSecurity/@type", "")) {
      case "sev" -> firmware.has("amd-sev") && (!sevEs() || firmware.has("amd-sev-es"));
      case "sev-snp" -> firmware.has("amd-sev-snp");
      case "tdx" -> firmware.has("intel-tdx");
      // such firmware starts no other guest
      default -> !firmware.has("intel-tdx") || loader.text().equals(firmware.executable());
    };
  }

  private boolean sevEs() {
    String policy = draft.domain().value("launchSecurity/policy", "0");
    try {
      return (Long.decode(policy) & 4) != 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
