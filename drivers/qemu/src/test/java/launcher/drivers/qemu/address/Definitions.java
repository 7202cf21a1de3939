package launcher.drivers.qemu.address;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.capabilities.QemuProbe;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.host.HostProfile;
import launcher.drivers.qemu.host.QemuHost;
import launcher.drivers.qemu.json.JsonText;
import launcher.drivers.qemu.pipeline.DraftPipeline;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlReader;

/** Definitions for a QEMU that has the usual devices and says nothing else of itself. */
public final class Definitions {
  private static final List<String> TYPES =
      List.of(
          "pcie-root-port",
          "pcie-pci-bridge",
          "qemu-xhci",
          "piix3-usb-uhci",
          "lsi53c895a",
          "gpex-pcihost",
          "zpci");

  private Definitions() {}

  private static QemuCapabilities probe(String arch) {
    return QemuProbe.probe(
        (command, arguments) ->
            switch (command) {
              case "query-target" -> Optional.of(JsonText.object("{\"arch\":\"" + arch + "\"}"));
              case "qom-list-types" -> Optional.of(types());
              default -> Optional.empty();
            },
        Optional.empty());
  }

  private static List<Object> types() {
    return TYPES.stream().<Object>map(t -> JsonText.object("{\"name\":\"" + t + "\"}")).toList();
  }

  /** A draft of a guest with these devices, to which no rule was applied yet. */
  public static Draft draft(String arch, String machine, String devices) {
    String text =
        "<domain type='qemu'><name>t</name><memory>1048576</memory><iothreads>2</iothreads><os><type arch='%s' machine='%s'>hvm</type></os>%n<devices>%s</devices></domain>"
            .formatted(arch, machine, devices);
    return new Draft("guest.xml", XmlReader.read("guest.xml", text), host(arch));
  }

  private static QemuHost host(String arch) {
    try {
      Path empty = Files.createDirectories(Path.of("target", "no-profile"));
      return HostProfile.host(empty, probe(arch));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The draft after all rules of completion and refusal. */
  public static Draft completed(String arch, String machine, String devices) {
    Draft draft = draft(arch, machine, devices);
    DraftPipeline.complete(draft);
    return draft;
  }

  /** Messages of what the draft is refused for, without the file. */
  static List<String> refusals(Draft draft) {
    return draft.problems().stream().filter(XmlProblem::refuses).map(XmlProblem::message).toList();
  }

  /** Places on PCI, as {@code 0000:01:00.0}, of all devices of a kind. */
  static List<String> pci(Draft draft, String kind) {
    return draft.devices(kind).stream()
        .map(d -> PciAddress.of(d).map(PciAddress::toString).orElse("none"))
        .toList();
  }

  /** Models of the PCI controllers in their order. */
  static List<String> controllers(Draft draft) {
    return new Controllers(draft.devices())
        .ofType("pci").stream().map(c -> c.attribute("model", "")).toList();
  }

  /** The first device of a kind. */
  static XmlElement first(Draft draft, String kind) {
    return draft.devices(kind).getFirst();
  }
}
