package launcher.drivers.qemu.block;

import java.util.List;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Images that cannot be: formats, encryption, sharing, servers and secrets. */
final class ImageRefusals {
  private static final Set<String> FORMATS =
      Set.of(
          "raw", "qcow", "qcow2", "qed", "vmdk", "vpc", "vdi", "vhd", "ploop", "bochs", "cloop",
          "dmg", "fat");
  private static final Set<String> ONE_HOST =
      Set.of("iscsi", "nbd", "ssh", "http", "https", "ftp", "ftps", "tftp", "nfs", "vxhs");

  /** Protocols whose servers are not told who asks. */
  private static final Set<String> UNKNOWING = Set.of("nbd", "nfs", "gluster", "vxhs");

  private ImageRefusals() {}

  static void check(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      twice(draft, disk, "auth");
      twice(draft, disk, "encryption");
      auth(draft, disk, disk);
      image(draft, disk, disk.value("driver/@type", "raw"));
      sharing(draft, disk);
    }
  }

  private static void twice(Draft draft, XmlElement disk, String part) {
    if (disk.hasChild(part) && disk.at("source/" + part).isPresent()) {
      draft.refuse(
          disk, "<%s> stands in the disk and in its source: one is enough".formatted(part));
    }
  }

  static void image(Draft draft, XmlElement holder, String format) {
    if (format.equals("dir")) {
      draft.refuse(holder, "there is no image format 'dir': use <disk type='dir'>");
    } else if (format.equals("iso")) {
      draft.refuse(holder, "an 'iso' image has no format of its own, say 'raw' instead");
    } else if (!FORMATS.contains(format)) {
      draft.refuse(holder, "image format '%s' is not supported by QEMU".formatted(format));
    }
    boolean encrypted = holder.hasChild("encryption") || holder.at("source/encryption").isPresent();
    String engine =
        holder.value("source/encryption/@engine", holder.value("encryption/@engine", "qemu"));
    if (encrypted && engine.equals("qemu") && !format.equals("raw") && !format.equals("qcow2")) {
      draft.refuse(
          holder, "encryption is for formats 'raw' and 'qcow2', not for '%s'".formatted(format));
    }
    if (holder.is("type", "network")) {
      holder.child("source").ifPresent(source -> network(draft, holder, source));
    }
    holder
        .child("backingStore")
        .filter(b -> b.has("type"))
        .ifPresent(b -> image(draft, b, b.value("format/@type", "raw")));
  }

  private static void network(Draft draft, XmlElement holder, XmlElement source) {
    String protocol = source.attribute("protocol", "");
    int hosts = source.children("host").size();
    if (ONE_HOST.contains(protocol) && hosts != 1) {
      draft.refuse(
          source, "protocol '%s' takes exactly one host, not %d".formatted(protocol, hosts));
    }
    if (protocol.equals("gluster") && hosts == 0) {
      draft.refuse(source, "protocol 'gluster' needs at least one host");
    }
    auth(draft, holder, source);
    boolean known = holder.hasChild("auth") || source.hasChild("auth");
    if (known && UNKNOWING.contains(protocol)) {
      draft.refuse(source, "protocol '%s' has no authentication".formatted(protocol));
    }
  }

  private static void auth(Draft draft, XmlElement holder, XmlElement parent) {
    parent
        .child("auth")
        .filter(a -> !a.hasChild("secret"))
        .ifPresent(a -> draft.refuse(a, "missing <secret> element in auth"));
    for (XmlElement secret : parent.at("auth/secret").map(List::of).orElse(List.<XmlElement>of())) {
      String protocol = holder.value("source/@protocol", "");
      String wanted = protocol.equals("rbd") ? "ceph" : "iscsi";
      String type = secret.attribute("type", "");
      if (type.isEmpty()) {
        draft.refuse(secret, "secret without a type");
      } else if (!wanted.isEmpty() && !type.equals(wanted)) {
        draft.refuse(
            secret,
            "secret type '%s' does not fit protocol '%s': it must be '%s'"
                .formatted(type, protocol, wanted));
      }
    }
  }

  // Two guests can share bytes, but not the tables of a format that each keeps in memory.
  private static void sharing(Draft draft, XmlElement disk) {
    String format = disk.value("driver/@type", "raw");
    if (disk.hasChild("shareable") && !format.equals("raw")) {
      draft.refuse(
          disk,
          "disk '%s' is shared between guests: its format must be 'raw', not '%s'"
              .formatted(disk.value("target/@dev", ""), format));
    }
  }
}
