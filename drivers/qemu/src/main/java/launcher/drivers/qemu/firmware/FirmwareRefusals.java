package launcher.drivers.qemu.firmware;

import java.util.List;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.schemas.XmlElement;

/** What firmware cannot be. */
public final class FirmwareRefusals {
  /** What is refused as it is written, before a firmware is chosen. */
  public static final List<DraftRule> AS_WRITTEN = List.of(FirmwareRefusals::written);

  /** What is refused of the firmware that was chosen. */
  public static final List<DraftRule> CHOSEN = List.of(FirmwareRefusals::acpi);

  private FirmwareRefusals() {}

  static void notFound(Draft draft, XmlElement os) {
    draft.refuse(
        os,
        "unable to find '%s' firmware that is compatible with the current configuration: no"
                .formatted(os.attribute("firmware", ""))
            + " descriptor of the host fits architecture, machine, loader, nvram and features");
  }

  private static void written(Draft draft) {
    XmlElement os = draft.domain().childOrAdd("os");
    XmlElement loader = os.child("loader").orElse(XmlElement.of("loader"));
    boolean flash = loader.is("type", "pflash");
    if (os.is("firmware", "bios")) {
      os.child("nvram")
          .ifPresent(n -> draft.refuse(n, "firmware type 'bios' does not support nvram"));
      if (loader.is("stateless", "no")) {
        draft.refuse(loader, "only EFI firmware permits NVRAM: a BIOS is always stateless");
      }
    } else if (!os.has("firmware") && os.hasChild("loader")) {
      if (loader.text().isEmpty()) {
        draft.refuse(
            loader,
            "no loader path specified and firmware auto selection disabled: name a path or set"
                + " <os firmware='efi'>");
      }
      if (!flash && loader.is("stateless", "no")) {
        draft.refuse(loader, "only pflash loader type permits NVRAM");
      }
    }
    if (!os.has("firmware") && !os.hasChild("loader") && os.hasChild("nvram")) {
      draft.refuse(
          os,
          "no loader path specified and firmware auto selection disabled: name a path or set"
              + " <os firmware='efi'>");
    }
    if (loader.is("stateless", "yes") && os.hasChild("nvram")) {
      draft.refuse(loader, "NVRAM is not permitted when the loader is stateless");
    }
    keys(draft, os);
  }

  private static void keys(Draft draft, XmlElement os) {
    List<XmlElement> features =
        os.child("firmware").map(f -> f.children("feature")).orElse(List.of());
    boolean noSecureBoot =
        features.stream().anyMatch(f -> f.is("name", "secure-boot") && f.is("enabled", "no"));
    for (XmlElement feature : features) {
      boolean keys = feature.is("name", "enrolled-keys") && feature.is("enabled", "yes");
      if (keys && noSecureBoot) {
        draft.refuse(
            feature,
            "firmware feature 'enrolled-keys' cannot be enabled when firmware feature"
                + " 'secure-boot' is disabled");
      }
    }
    if (!os.has("firmware") && !features.isEmpty()) {
      draft.refuse(os, "cannot use feature-based firmware selection without <os firmware='efi'>");
    }
  }

  private static void acpi(Draft draft) {
    XmlElement os = draft.domain().childOrAdd("os");
    XmlElement loader = os.child("loader").orElse(XmlElement.of("loader"));
    boolean efi = os.is("firmware", "efi") || loader.is("type", "pflash");
    boolean acpi = draft.domain().at("features/acpi").isPresent();
    if (efi && draft.machine().x86() && !acpi) {
      draft.refuse(os, "UEFI requires ACPI on this architecture: add <acpi/> to <features>");
    }
    if (loader.is("secure", "yes") && !draft.machine().arch().equals("x86_64")) {
      draft.refuse(loader, "secure boot is supported for x86_64 architecture only");
    } else if (loader.is("secure", "yes")
        && !draft.domain().value("features/smm/@state", "").equals("on")) {
      draft.refuse(loader, "secure boot requires SMM feature enabled");
    } else if (loader.is("secure", "yes") && !draft.machine().q35()) {
      draft.refuse(loader, "secure boot is only supported with q35 machine types");
    }
  }
}
