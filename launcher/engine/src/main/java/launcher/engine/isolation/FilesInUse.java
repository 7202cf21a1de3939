package launcher.engine.isolation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.engine.isolation.HostFile.Use;
import launcher.schemas.XmlElement;

/** Reads from a live definition which files of the host the guest uses. Looks at no file. */
final class FilesInUse {
  private static final Set<String> CHARACTER_DEVICES =
      Set.of("serial", "parallel", "console", "channel", "redirdev", "smartcard");
  private static final List<String> READ_BY_BOOT = List.of("kernel", "initrd", "dtb", "shim");

  private final List<HostFile> files = new ArrayList<>();

  private FilesInUse() {}

  static List<HostFile> of(XmlElement domain) {
    FilesInUse found = new FilesInUse();
    domain.child("os").ifPresent(found::boot);
    for (XmlElement device : domain.at("devices").map(XmlElement::children).orElse(List.of())) {
      found.device(device);
    }
    return List.copyOf(found.files);
  }

  /** Those of one device. */
  static List<HostFile> ofDevice(XmlElement device) {
    FilesInUse found = new FilesInUse();
    found.device(device);
    return List.copyOf(found.files);
  }

  private void boot(XmlElement os) {
    for (String name : READ_BY_BOOT) {
      os.value(name).ifPresent(path -> add(path, Use.CONTENT));
    }
    for (XmlElement table :
        os.child("acpi").map(acpi -> acpi.children("table")).orElse(List.of())) {
      add(table.text().strip(), Use.CONTENT);
    }
    os.value("loader").ifPresent(path -> add(path, Use.SYSTEM));
    os.child("nvram")
        .ifPresent(
            nvram -> add(nvram.value("source/@file", nvram.text().strip()), Use.IMAGE, nvram));
  }

  private void device(XmlElement device) {
    switch (device.name()) {
      case "disk" -> disk(device);
      case "tpm" -> device.value("backend/device/@path").ifPresent(path -> add(path, Use.CHANNEL));
      case "rng" -> rng(device);
      case "input" -> device.value("source/@evdev").ifPresent(path -> add(path, Use.CHANNEL));
      case "memory" -> device.value("source/path").ifPresent(path -> add(path, Use.IMAGE));
      default -> {
        if (CHARACTER_DEVICES.contains(device.name())) {
          channel(device, device);
        }
      }
    }
  }

  private void rng(XmlElement rng) {
    for (XmlElement backend : rng.children("backend")) {
      if (backend.is("model", "egd")) {
        channel(backend, backend);
      }
    }
  }

  private void disk(XmlElement disk) {
    boolean readOnly = disk.hasChild("readonly") || disk.is("device", "cdrom");
    Use use = readOnly ? Use.CONTENT : disk.hasChild("shareable") ? Use.SHARED : Use.IMAGE;
    disk.child("source").ifPresent(source -> source(source, use));
    for (Optional<XmlElement> backing = disk.child("backingStore");
        backing.isPresent();
        backing = backing.get().child("backingStore")) {
      backing.get().child("source").ifPresent(source -> source(source, Use.CONTENT));
    }
    disk.at("mirror/source").ifPresent(source -> source(source, Use.IMAGE));
  }

  private void source(XmlElement source, Use use) {
    source
        .attribute("file")
        .or(() -> source.attribute("dev"))
        .ifPresent(path -> add(path, use, source));
    source.at("dataStore/source").ifPresent(data -> source(data, use));
  }

  /**
   * A socket that the guest listens on is made by launcher and passed; its label counts once it is
   * there.
   */
  private void channel(XmlElement device, XmlElement typed) {
    for (XmlElement source : device.children("source")) {
      String path = source.attribute("path", "");
      if (Set.of("file", "dev", "pipe", "unix").contains(typed.attribute("type", ""))) {
        add(path, Use.CHANNEL, source);
      }
    }
  }

  private static Optional<HostFile.Override> override(XmlElement source, String model) {
    for (XmlElement seclabel : source.children("seclabel")) {
      if (seclabel.is("model", model) || (!seclabel.has("model") && model.equals("selinux"))) {
        boolean relabel = !seclabel.is("relabel", "no");
        return Optional.of(new HostFile.Override(relabel, seclabel.value("label")));
      }
    }
    return Optional.empty();
  }

  private void add(String path, Use use) {
    if (path.startsWith("/")) {
      files.add(new HostFile(Path.of(path), use));
    }
  }

  private void add(String path, Use use, XmlElement source) {
    if (path.startsWith("/")) {
      files.add(
          new HostFile(Path.of(path), use, override(source, "selinux"), override(source, "dac")));
    }
  }
}
