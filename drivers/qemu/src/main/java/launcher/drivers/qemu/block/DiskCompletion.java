package launcher.drivers.qemu.block;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What a disk leaves unsaid. */
final class DiskCompletion {
  private DiskCompletion() {}

  /** Completes all disks. */
  static void complete(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      disk.setDefault("type", "file").setDefault("device", "disk");
      driver(disk);
      if (disk.is("type", "block")
          && (disk.is("device", "cdrom") || disk.is("device", "floppy"))
          && SourceRefusals.isEmpty(disk)) {
        disk.set("type", "file"); // there is nothing in the drive
      }
      if (disk.is("device", "cdrom")) {
        disk.childOrAdd("readonly");
      }
      if (disk.hasChild("readonly") && disk.is("snapshot", "no")) {
        disk.unset("snapshot"); // it could not be otherwise
      }
      // a copy that was under way belongs to a run, not to the definition
      disk.child("mirror").ifPresent(XmlElement::detach);
      disk.child("target").filter(t -> t.is("tray", "closed")).ifPresent(t -> t.unset("tray"));
      encryption(disk);
      image(draft, disk);
      noNothing(disk);
      disk.child("source")
          .filter(s -> s.attributes().isEmpty() && s.children().isEmpty())
          .ifPresent(XmlElement::detach);
    }
  }

  // Some programs write an empty path for an empty drive, and zero for no limit.
  private static void noNothing(XmlElement disk) {
    disk.child("source")
        .ifPresent(source -> {
          for (String path : List.of("file", "dev")) {
            if (source.is(path, "")) {
              source.unset(path);
            }
          }
        });
    disk.child("iotune")
        .ifPresent(tune -> {
          List.copyOf(tune.children()).stream()
              .filter(l -> Numbers.parse(l.text()).equals(OptionalLong.of(0)))
              .forEach(XmlElement::detach);
          if (tune.children().isEmpty()) {
            tune.detach();
          }
        });
    disk.child("blockio")
        .ifPresent(blocks -> {
          List.copyOf(blocks.attributes()).stream()
              .filter(a -> Numbers.parse(a.value()).equals(OptionalLong.of(0)))
              .forEach(a -> blocks.unset(a.name()));
          if (blocks.attributes().isEmpty()) {
            blocks.detach();
          }
        });
    disk.child("target")
        .filter(t -> t.is("rotation_rate", "0"))
        .ifPresent(t -> t.unset("rotation_rate"));
    disk.child("throttlefilters").filter(f -> f.children().isEmpty()).ifPresent(XmlElement::detach);
  }

  private static void driver(XmlElement disk) {
    if (disk.is("type", "vhostuser")) {
      disk.setDefault("snapshot", "no"); // the image is not QEMU's
    }
    XmlElement driver =
        disk.child("driver").orElseGet(() -> disk.addFirst(XmlElement.of("driver")));
    driver.setDefault("name", "qemu");
    for (String option : List.of("cache", "error_policy", "rerror_policy", "io", "discard")) {
      if (driver.is(option, "default")) {
        driver.unset(option);
      }
    }
    if (!disk.is("type", "volume")) {
      driver.setDefault("type", "raw");
    }
    if (driver.is("type", "aio")) {
      driver.set("type", "raw");
    }
    driver.at("metadata_cache/max_size").ifPresent(DiskCompletion::inBytes);
  }

  private static void encryption(XmlElement holder) {
    holder
        .child("encryption")
        .filter(e -> e.attribute("format", "").startsWith("luks"))
        .ifPresent(e -> e.setDefault("engine", "qemu"));
  }

  // A disk, a backing store and a data store hold an image in the same way.
  private static void image(Draft draft, XmlElement holder) {
    holder.at("format/metadata_cache/max_size").ifPresent(DiskCompletion::inBytes);
    Optional<XmlElement> source = holder.child("source");
    if (source.isPresent()) {
      source.get().unset("index");
      source.get().children("seclabel").stream()
          .filter(s -> s.is("labelskip", "yes"))
          .forEach(XmlElement::detach);
      encryption(source.get());
      if (holder.is("type", "nvme")) {
        source.get().setDefault("managed", "yes");
      }
      slices(source.get());
      if (holder.is("type", "network")) {
        NetworkCompletion.complete(draft, source.get());
        NetworkCompletion.ports(source.get());
      }
      source.get().child("dataStore").ifPresent(data -> image(draft, data));
    }
    holder
        .child("backingStore")
        .ifPresent(below -> {
          below.unset("index");
          image(draft, below);
        });
  }

  // One part of an image can be the disk.
  private static void slices(XmlElement source) {
    source
        .child("slices")
        .ifPresent(all -> all.children("slice").stream().skip(1).forEach(XmlElement::detach));
  }

  private static void inBytes(XmlElement size) {
    OptionalLong bytes = Numbers.bytes(size.text(), size.attribute("unit").orElse(null), "bytes");
    if (bytes.isPresent()) {
      size.set("unit", "bytes").text(Long.toString(bytes.getAsLong()));
    }
  }
}
