package launcher.engine.qemu;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.Accelerator;
import launcher.drivers.qemu.capabilities.CpuModel;
import launcher.drivers.qemu.capabilities.MachineType;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.host.FirmwareDescriptor;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;

/**
 * {@code <domainCapabilities>}: what a domain may say on this host. Each value is there because the
 * emulator said that it has what stands behind it.
 *
 * @param can what the emulator says
 * @param type {@code kvm} or {@code qemu}
 * @param arch of the guest
 * @param binary the emulator
 * @param firmware what is installed
 */
public record DomainCapabilities(
    QemuCapabilities can,
    String type,
    String arch,
    Path binary,
    List<FirmwareDescriptor> firmware) {
  private static final Path SGX = Path.of("/dev/sgx_vepc");

  /** Copies the list. */
  public DomainCapabilities {
    firmware = List.copyOf(firmware);
  }

  /** For a machine, or the emulator's own choice. */
  public XmlElement of(Optional<String> wanted) {
    MachineType machine =
        wanted
            .map(name -> can.machine(type, name))
            .orElseGet(() -> can.defaultMachine(type))
            .or(() -> arch.equals("aarch64") ? can.machine(type, "virt") : Optional.empty())
            .orElseThrow(() ->
                new EngineException(
                    Kind.NOT_FOUND,
                    "'" + binary + "' has no machine '" + wanted.orElse("(default)") + "'"));
    XmlElement root = XmlElement.of("domainCapabilities");
    root.add("path").text(binary.toString());
    root.add("domain").text(type);
    root.add("machine").text(machine.name());
    root.add("arch").text(arch);
    root.add("vcpu").set("max", machine.maxCpus());
    root.add("iothreads").set("supported", yes(can.has("iothread")));
    os(root.add("os").set("supported", "yes"));
    cpu(root.add("cpu"));
    memory(root.add("memoryBacking").set("supported", "yes"));
    devices(root.add("devices"));
    features(root.add("features"));
    return root;
  }

  private static String yes(boolean truth) {
    return truth ? "yes" : "no";
  }

  private static void values(XmlElement into, String name, List<String> values) {
    XmlElement list = into.add("enum").set("name", name);
    values.forEach(value -> list.add("value").text(value));
  }

  /** Those of {@code value, type, value, type …} whose type the emulator has. */
  private List<String> known(String... valuesAndTypes) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i + 1 < valuesAndTypes.length; i += 2) {
      if (can.has(valuesAndTypes[i + 1])) {
        found.add(valuesAndTypes[i]);
      }
    }
    return found;
  }

  private void os(XmlElement os) {
    List<FirmwareDescriptor> fitting =
        firmware.stream()
            .filter(f -> f.interfaces().contains("uefi"))
            .filter(f -> f.device().equals("flash"))
            .filter(f -> f.targets().stream().anyMatch(t -> t.architecture().equals(can.arch())))
            .toList();
    values(os, "firmware", fitting.isEmpty() ? List.of() : List.of("efi"));
    XmlElement loader = os.add("loader").set("supported", "yes");
    fitting.stream()
        .map(FirmwareDescriptor::executable)
        .distinct()
        .forEach(file -> loader.add("value").text(file));
    values(loader, "type", List.of("rom", "pflash"));
    values(loader, "readonly", List.of("yes", "no"));
    boolean secure = fitting.stream().anyMatch(f -> f.features().contains("requires-smm"));
    values(loader, "secure", secure ? List.of("yes", "no") : List.of("no"));
  }

  private void cpu(XmlElement cpu) {
    Accelerator accelerator = can.accelerator(type);
    boolean kvm = type.equals("kvm");
    cpu.add("mode").set("name", "host-passthrough").set("supported", yes(kvm));
    cpu.add("mode")
        .set("name", "maximum")
        .set("supported", yes(can.has("max-" + can.arch() + "-cpu")));
    cpu.add("mode")
        .set("name", "host-model")
        .set("supported", yes(kvm && accelerator.hostCpu().isPresent()));
    XmlElement custom = cpu.add("mode").set("name", "custom");
    List<CpuModel> models =
        accelerator.cpuModels().values().stream()
            .filter(model -> !model.name().equals("host") && !model.name().equals("max"))
            .filter(model -> !model.name().equals("base"))
            .filter(model -> !model.name().matches(".*-v\\d+"))
            .toList();
    custom.set("supported", yes(!models.isEmpty()));
    for (CpuModel model : models) {
      custom.add("model").set("usable", yes(model.missing().isEmpty())).text(model.name());
    }
  }

  private void memory(XmlElement memory) {
    List<String> sources = new ArrayList<>();
    sources.addAll(known("file", "memory-backend-file", "anonymous", "memory-backend-ram"));
    sources.addAll(known("memfd", "memory-backend-memfd"));
    values(memory, "sourceType", sources);
  }

  private static final List<String> VIRTIO_MODELS =
      List.of("virtio", "virtio-transitional", "virtio-non-transitional");

  private void devices(XmlElement devices) {
    XmlElement disk = devices.add("disk").set("supported", "yes");
    values(disk, "diskDevice", List.of("disk", "cdrom", "floppy", "lun"));
    values(
        disk,
        "bus",
        known(
            "ide",
            "piix3-ide",
            "fdc",
            "isa-fdc",
            "scsi",
            "virtio-scsi-device",
            "virtio",
            "virtio-blk-device",
            "usb",
            "usb-storage",
            "sata",
            "ich9-ahci",
            "sd",
            "sd-card"));
    values(disk, "model", VIRTIO_MODELS);
    XmlElement graphics = devices.add("graphics").set("supported", "yes");
    List<String> screens = new ArrayList<>();
    if (can.schema().has("query-vnc")) {
      screens.add("vnc");
    }
    if (can.schema().has("query-spice")) {
      screens.add("spice");
    }
    values(graphics, "type", screens);
    XmlElement video = devices.add("video").set("supported", "yes");
    List<String> cards =
        new ArrayList<>(
            known(
                "vga",
                "VGA",
                "cirrus",
                "cirrus-vga",
                "vmvga",
                "vmware-svga",
                "qxl",
                "qxl",
                "virtio",
                "virtio-gpu-pci",
                "bochs",
                "bochs-display",
                "ramfb",
                "ramfb"));
    cards.add("none");
    values(video, "modelType", cards);
    XmlElement hostdev = devices.add("hostdev").set("supported", "yes");
    values(hostdev, "mode", List.of("subsystem"));
    values(hostdev, "startupPolicy", List.of("default", "mandatory", "requisite", "optional"));
    values(
        hostdev, "subsysType", known("usb", "usb-host", "pci", "vfio-pci", "scsi", "scsi-generic"));
    XmlElement rng = devices.add("rng").set("supported", yes(can.has("virtio-rng-device")));
    values(rng, "model", VIRTIO_MODELS);
    values(
        rng,
        "backendModel",
        known("random", "rng-random", "egd", "rng-egd", "builtin", "rng-builtin"));
    XmlElement files = devices.add("filesystem").set("supported", "yes");
    values(
        files, "driverType", known("path", "virtio-9p-device", "virtiofs", "vhost-user-fs-device"));
    XmlElement tpm = devices.add("tpm").set("supported", yes(!can.tpmModels().isEmpty()));
    values(tpm, "model", can.tpmModels().stream().sorted().toList());
    values(tpm, "backendModel", can.tpmTypes().stream().sorted().toList());
    XmlElement redirected = devices.add("redirdev").set("supported", yes(can.has("usb-redir")));
    values(redirected, "bus", known("usb", "usb-redir"));
    XmlElement channel = devices.add("channel").set("supported", "yes");
    List<String> channels = new ArrayList<>(List.of("pty", "unix"));
    channels.addAll(known("spicevmc", "chardev-spicevmc"));
    values(channel, "type", channels);
  }

  private void features(XmlElement features) {
    features.add("gic").set("supported", yes(can.has("arm_gic")));
    features.add("vmcoreinfo").set("supported", yes(can.has("vmcoreinfo")));
    features.add("genid").set("supported", yes(can.has("vmgenid")));
    features.add("backingStoreInput").set("supported", "yes");
    features.add("backup").set("supported", "no");
    features.add("sev").set("supported", yes(can.sev()));
    features.add("sgx").set("supported", yes(can.has("sgx-epc") && Files.exists(SGX)));
  }
}
