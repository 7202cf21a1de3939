package launcher.drivers.qemu.block;

import java.util.Optional;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/**
 * Puts what a volume of a storage pool is in its place: a file, a device, a folder or a target in
 * the network. Only the copy that starts is changed; the definition goes on naming pool and volume.
 */
final class Volumes {
  private Volumes() {}

  static void resolve(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      if (disk.is("type", "volume")) {
        disk.child("source").ifPresent(source -> resolve(draft, disk, source));
      }
    }
  }

  private static void resolve(Draft draft, XmlElement disk, XmlElement source) {
    String name = source.attribute("pool", "");
    Optional<XmlElement> pool = draft.host().pools().find(name);
    disk.child("driver").ifPresent(d -> d.setDefault("type", "raw"));
    if (pool.isPresent()) {
      inPool(draft, disk, source, pool.get());
    } else if (draft.host().settings().on("openVolumes")) {
      draft.warn(
          disk,
          "storage pool '%s' is not described (pools/*.xml of the host profile): the place of its volume is left open"
              .formatted(name));
      become(disk, source, "file", "file", name + "/" + source.attribute("volume", ""));
    } else {
      draft.refuse(
          disk,
          "storage pool '%s' of volume '%s' is not described: put its XML into the folder 'pools', or name the volume's file or device instead"
              .formatted(name, source.attribute("volume", "")));
    }
  }

  private static void inPool(Draft draft, XmlElement disk, XmlElement source, XmlElement pool) {
    String type = pool.attribute("type", "");
    String volume = source.attribute("volume", "");
    String path = pool.value("target/path", "") + "/" + volume;
    boolean iscsi = type.equals("iscsi");
    if (volume.isEmpty() || volume.contains("/") || volume.equals("..")) {
      draft.refuse(disk, "'%s' is no name of a volume in a storage pool".formatted(volume));
    }
    if (source.has("mode") && !iscsi) {
      draft.refuse(disk, "disk source mode is only valid when storage pool is of iscsi type");
    }
    switch (type) {
      case "dir", "fs", "netfs", "vstorage" -> become(disk, source, "file", "file", path);
      case "logical", "disk", "scsi", "mpath", "zfs" -> become(disk, source, "block", "dev", path);
      case "iscsi" -> {
        if (source.is("mode", "direct")) {
          target(draft, disk, source, pool);
        } else {
          String link = portalName(pool) + "-lun-" + unit(volume);
          become(disk, source, "block", "dev", pool.value("target/path", "") + "/" + link);
        }
      }
      case "iscsi-direct" -> target(draft, disk, source, pool);
      default ->
          draft.refuse(
              disk,
              "using '%s' pools for backing 'volume' disks isn't yet supported".formatted(type));
    }
  }

  private static void become(
      XmlElement disk, XmlElement source, String type, String attribute, String path) {
    disk.set("type", type);
    forgetPool(source);
    source.set(attribute, path);
  }

  private static void forgetPool(XmlElement source) {
    source.unset("pool");
    source.unset("volume");
    source.unset("mode");
  }

  // Volumes of a target are named unit:HOST:BUS:TARGET:UNIT.
  private static String unit(String volume) {
    return volume.substring(volume.lastIndexOf(':') + 1);
  }

  // As udev names the links below /dev/disk/by-path.
  private static String portalName(XmlElement pool) {
    return "ip-"
        + pool.value("source/host/@name", "")
        + ":"
        + pool.value("source/host/@port", "3260")
        + "-iscsi-"
        + pool.value("source/device/@path", "");
  }

  private static void target(Draft draft, XmlElement disk, XmlElement source, XmlElement pool) {
    String unit = unit(source.attribute("volume", ""));
    if (!unit.matches("[0-9]+")) {
      draft.refuse(disk, "volume '%s' names no unit of a target: unit:0:0:N".formatted(unit));
      return;
    }
    forgetPool(source);
    disk.set("type", "network");
    source.set("protocol", "iscsi");
    source.set("name", pool.value("source/device/@path", "") + "/" + unit);
    source
        .add("host")
        .set("name", pool.value("source/host/@name", ""))
        .set("port", pool.value("source/host/@port", "3260"));
    pool.at("source/initiator").ifPresent(i -> source.add(i.copy()));
    // the pool knows who may have its volumes, whatever the disk says
    disk.child("auth").ifPresent(XmlElement::detach);
    source.child("auth").ifPresent(XmlElement::detach);
    pool.at("source/auth").ifPresent(a -> source.add(auth(a)));
  }

  // A pool says what kind of secret it is in another place than a disk does.
  private static XmlElement auth(XmlElement ofPool) {
    XmlElement auth = XmlElement.of("auth").set("username", ofPool.attribute("username", ""));
    ofPool.child("secret").ifPresent(s -> auth.add(s.copy()).set("type", "iscsi"));
    return auth;
  }
}
