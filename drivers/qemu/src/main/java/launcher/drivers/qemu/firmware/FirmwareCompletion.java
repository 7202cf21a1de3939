package launcher.drivers.qemu.firmware;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.host.FirmwareDescriptor;
import launcher.schemas.XmlElement;

/** Writes down which firmware a guest has, so that it keeps it when the host gets a newer one. */
public final class FirmwareCompletion {
  // Pairs that hosts had before there were descriptors; definitions still name them.
  private static final Map<String, String> OLD_PAIRS =
      Map.of(
          "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd",
          "/usr/share/OVMF/OVMF_CODE.secboot.fd", "/usr/share/OVMF/OVMF_VARS.fd",
          "/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd",
          "/usr/share/AAVMF/AAVMF32_CODE.fd", "/usr/share/AAVMF/AAVMF32_VARS.fd");

  private FirmwareCompletion() {}

  /** Completes loader, variables and features of {@code <os>}. */
  public static void complete(Draft draft) {
    XmlElement os = draft.domain().childOrAdd("os");
    boolean automatic = os.has("firmware");
    XmlElement loader = os.child("loader").orElse(XmlElement.of("loader"));
    boolean mayBeKnown =
        loader.is("type", "pflash") && loader.is("readonly", "yes") && !loader.text().isEmpty();
    Optional<FirmwareDescriptor> found =
        automatic || mayBeKnown ? new FirmwareChoice(draft).find() : Optional.empty();
    os.child("firmware").filter(f -> f.children().isEmpty()).ifPresent(XmlElement::detach);
    if (found.isPresent()) {
      use(draft, os, found.get());
    } else if (automatic && !draft.refused()) {
      FirmwareRefusals.notFound(draft, os);
    } else if (os.hasChild("loader")) {
      manual(draft, os, loader);
    }
  }

  private static void use(Draft draft, XmlElement os, FirmwareDescriptor firmware) {
    XmlElement loader = os.childOrAdd("loader");
    boolean flash = firmware.device().equals("flash");
    loader.text(firmware.executable());
    loader.set("type", flash ? "pflash" : "rom");
    loader.set("format", flash ? firmware.executableFormat() : "raw");
    if (flash) {
      loader.set("readonly", "yes");
    }
    if (firmware.has("requires-smm")) {
      loader.set("secure", "yes");
      draft.domain().childOrAdd("features").childOrAdd("smm").set("state", "on");
    }
    if (flash && firmware.mode().equals("split")) {
      variables(draft, os, firmware);
    }
    if (!os.has("firmware")) {
      os.set("firmware", "efi");
    }
    features(os, firmware);
  }

  private static void variables(Draft draft, XmlElement os, FirmwareDescriptor firmware) {
    XmlElement nvram = os.childOrAdd("nvram");
    nvram.set("format", firmware.templateFormat());
    if (nvram.is("type", "network")) {
      return;
    }
    firmware.template().ifPresent(t -> nvram.set("template", t));
    nvram.set("templateFormat", firmware.templateFormat());
    path(draft, nvram);
  }

  private static void path(Draft draft, XmlElement nvram) {
    if (nvram.text().isEmpty() && !nvram.hasChild("source")) {
      String extension = nvram.is("format", "qcow2") ? ".qcow2" : ".fd";
      nvram.text(draft.keptFile("_VARS" + extension));
    }
  }

  private static void features(XmlElement os, FirmwareDescriptor firmware) {
    XmlElement features = os.childOrAdd("firmware");
    // whether keys are enrolled is known of variables that begin as the template only
    if (!os.value("nvram/@type", "").equals("network")) {
      feature(features, "enrolled-keys", firmware);
    }
    feature(features, "secure-boot", firmware);
    List<XmlElement> byName = new ArrayList<>(features.children());
    byName.sort(Comparator.comparing(f -> f.attribute("name", "")));
    features.reorder(byName);
  }

  private static void feature(XmlElement features, String name, FirmwareDescriptor firmware) {
    boolean said = features.children("feature").stream().anyMatch(f -> f.is("name", name));
    if (!said) {
      features.add("feature").set("enabled", firmware.has(name) ? "yes" : "no").set("name", name);
    }
  }

  private static void manual(Draft draft, XmlElement os, XmlElement loader) {
    if (!loader.is("type", "rom")) {
      loader.setDefault("format", "raw"); // of what is said to be a ROM there is no other
    }
    loader.setDefault("type", "rom");
    boolean flash = loader.is("type", "pflash");
    boolean needsVariables =
        flash && loader.is("readonly", "yes") && !loader.is("stateless", "yes");
    if (!needsVariables && !os.hasChild("nvram")) {
      return;
    }
    XmlElement nvram = os.childOrAdd("nvram");
    loader.attribute("format").ifPresent(format -> nvram.setDefault("format", format));
    String template = OLD_PAIRS.get(loader.text());
    if (template != null && !nvram.is("type", "network")) {
      nvram.setDefault("template", template);
      nvram.setDefault("templateFormat", "raw");
    }
    path(draft, nvram);
  }
}
