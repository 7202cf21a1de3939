package launcher.drivers.qemu.filesystem;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.drivers.qemu.memory.NumaCells;
import launcher.schemas.XmlElement;

/** What a file system leaves unsaid, and what it cannot be. */
public final class FilesystemRules {
  /** What a file system leaves unsaid. */
  public static final List<DraftRule> COMPLETION = List.of(FilesystemRules::complete);

  /** File systems that cannot be. */
  public static final List<DraftRule> REFUSALS = List.of(FilesystemRules::check);

  private FilesystemRules() {}

  private static void complete(Draft draft) {
    for (XmlElement filesystem : draft.devices("filesystem")) {
      filesystem.setDefault("type", "mount");
      // a server that runs already has chosen for itself
      if (filesystem.value("source/@socket").isEmpty()) {
        filesystem.setDefault("accessmode", "passthrough");
      }
      if (filesystem.is("multidevs", "default")) {
        filesystem.unset("multidevs");
      }
      mode(filesystem, "fmode");
      mode(filesystem, "dmode");
    }
  }

  private static void mode(XmlElement filesystem, String attribute) {
    filesystem
        .attribute(attribute)
        .filter(m -> m.matches("[0-7]{1,4}"))
        .ifPresent(m -> filesystem.set(attribute, "%04o".formatted(Integer.parseInt(m, 8))));
  }

  private static void check(Draft draft) {
    targets(draft);
    for (XmlElement filesystem : draft.devices("filesystem")) {
      if (!filesystem.is("type", "mount")) {
        draft.refuse(
            filesystem,
            "QEMU shows file systems of type 'mount' only, not '%s'"
                .formatted(filesystem.attribute("type", "")));
      }
      if (filesystem.value("target/@dir", "").isEmpty()) {
        draft.refuse(filesystem, "file system without <target dir='…'>, the name to mount it by");
      }
      boolean daemon = filesystem.value("source/@socket").isPresent();
      if (filesystem.value("source/@dir", "").isEmpty() && !daemon) {
        draft.refuse(
            filesystem,
            "missing source information for device '%s'"
                .formatted(filesystem.value("target/@dir", "")));
      }
      for (String limit : List.of("space_hard_limit", "space_soft_limit")) {
        filesystem
            .child(limit)
            .ifPresent(l -> draft.refuse(l, "QEMU's file systems have no limits of usage"));
      }
      if (isVirtiofs(filesystem)) {
        virtiofs(draft, filesystem);
      } else {
        plan9(draft, filesystem);
      }
    }
  }

  /** Two 9p file systems may have one name, where the guest takes the first; virtiofs must not. */
  private static void targets(Draft draft) {
    Map<String, XmlElement> seen = new HashMap<>();
    for (XmlElement filesystem : draft.devices("filesystem")) {
      String target = filesystem.value("target/@dir", "");
      XmlElement other = seen.putIfAbsent(target, filesystem);
      if (other != null && (isVirtiofs(other) || isVirtiofs(filesystem))) {
        draft.refuse(filesystem, "file system target '%s' is used twice".formatted(target));
      }
    }
  }

  private static boolean isVirtiofs(XmlElement filesystem) {
    return filesystem.value("driver/@type", "").equals("virtiofs");
  }

  private static void virtiofs(Draft draft, XmlElement filesystem) {
    if (!filesystem.attribute("accessmode", "passthrough").equals("passthrough")) {
      draft.refuse(filesystem, "virtiofs has only accessmode='passthrough'");
    }
    if (filesystem.hasChild("boot") && !filesystem.value("address/@type", "").equals("pci")) {
      draft.refuse(filesystem, "booting from virtiofs needs a PCI bus");
    }
    if (filesystem.has("fmode") || filesystem.has("dmode") || filesystem.has("multidevs")) {
      draft.refuse(filesystem, "fmode, dmode and multidevs are not for virtiofs");
    }
    if (!NumaCells.allShared(draft.domain())) {
      draft.refuse(
          filesystem,
          "virtiofs needs memory that is shared: <memoryBacking> with <source type='memfd'/> and <access mode='shared'/>");
    }
  }

  private static void plan9(Draft draft, XmlElement filesystem) {
    String driver = filesystem.value("driver/@type", "path");
    if (driver.equals("loop") || driver.equals("nbd")) {
      draft.refuse(filesystem, "QEMU has no file system driver '%s'".formatted(driver));
    }
    boolean mapped = filesystem.is("accessmode", "mapped");
    if (!mapped && (filesystem.has("fmode") || filesystem.has("dmode"))) {
      draft.refuse(filesystem, "fmode and dmode need accessmode='mapped'");
    }
    if (filesystem.hasChild("idmap")) {
      draft.refuse(filesystem, "<idmap> is for virtiofs");
    }
  }
}
