package launcher.drivers.qemu.block;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Where an image cannot be, and options that its protocol or format does not have. */
final class SourceRefusals {
  private static final Set<String> WEB = Set.of("http", "https");

  private SourceRefusals() {}

  static void check(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      if (disk.is("device", "disk") && isEmpty(disk)) {
        draft.refuse(
            disk,
            "missing source information for device '%s'".formatted(disk.value("target/@dev", "")));
      }
      reservations(draft, disk);
      image(draft, disk, disk.value("driver/@type", "raw"));
    }
  }

  /** The firmware's variables can be anywhere an image can be. */
  public static void checkVariables(Draft draft) {
    draft
        .domain()
        .at("os/nvram")
        .filter(n -> n.has("type"))
        .ifPresent(nvram -> {
          if (isEmpty(nvram)) {
            draft.refuse(
                nvram,
                "the firmware's variables of type '%s' miss their <source>"
                    .formatted(nvram.attribute("type", "")));
          }
          image(draft, nvram, nvram.attribute("format", "raw"));
          ImageRefusals.image(draft, nvram, nvram.attribute("format", "raw"));
        });
  }

  /** Whether nothing is in the drive. */
  static boolean isEmpty(XmlElement disk) {
    XmlElement source = disk.child("source").orElse(XmlElement.of("source"));
    return switch (disk.attribute("type", "file")) {
      case "file" -> source.attribute("file", "").isEmpty();
      case "block" -> source.attribute("dev", "").isEmpty();
      case "dir" -> source.attribute("dir", "").isEmpty();
      case "network" -> source.attribute("protocol", "").isEmpty();
      default -> false;
    };
  }

  private static void reservations(Draft draft, XmlElement disk) {
    disk.at("source/reservations")
        .filter(r -> !r.has("managed"))
        .ifPresent(r -> draft.refuse(r, "missing attribute 'managed' of <reservations>"));
    disk.at("source/reservations")
        .filter(r -> r.is("managed", "no") && !r.hasChild("source"))
        .ifPresent(r -> draft.refuse(r, "missing <source> of <reservations> that others manage"));
    disk.at("source/reservations")
        .filter(r -> !disk.is("device", "lun"))
        .ifPresent(r -> draft.refuse(r, "<reservations/> is allowed only for device='lun'"));
  }

  private static void image(Draft draft, XmlElement holder, String format) {
    folder(draft, holder, format);
    XmlElement source = holder.child("source").orElse(XmlElement.of("source"));
    if (holder.is("type", "nvme")) {
      nvme(draft, holder, source);
    }
    if (holder.is("type", "network")) {
      network(draft, source);
    }
    options(draft, holder, source, format);
    librbd(draft, holder, source);
    holder
        .child("backingStore")
        .filter(b -> b.has("type"))
        .ifPresent(b -> {
          if (!b.hasChild("format")) {
            draft.refuse(b, "missing disk backing store format");
          }
          if (isEmpty(b)) {
            draft.refuse(b, "missing source information of a backing store");
          }
          image(draft, b, b.value("format/@type", "raw"));
        });
  }

  // QEMU makes a FAT file system of a folder, and of nothing else.
  private static void folder(Draft draft, XmlElement holder, String format) {
    boolean dir = holder.is("type", "dir");
    if (format.equals("fat") && !dir && !holder.is("type", "volume")) {
      draft.refuse(holder, "storage format 'fat' is supported only with 'dir' storage type");
    } else if (dir && !format.equals("fat") && holder.child("driver").isPresent()) {
      draft.refuse(holder, "storage type 'dir' requires use of storage format 'fat'");
    }
  }

  private static void nvme(Draft draft, XmlElement holder, XmlElement source) {
    if (!source.has("type")) {
      draft.refuse(holder, "missing 'type' attribute to disk source");
    } else if (!source.has("namespace")) {
      draft.refuse(holder, "missing 'namespace' attribute to disk source");
    } else if (!source.hasChild("address")) {
      draft.refuse(holder, "an NVMe disk misses the PCI <address> of its controller");
    }
  }

  private static void network(Draft draft, XmlElement source) {
    String protocol = source.attribute("protocol", "");
    for (XmlElement host : source.children("host")) {
      String transport = host.attribute("transport", "tcp");
      if (transport.equals("unix")) {
        if (!host.has("socket")) {
          draft.refuse(host, "missing socket for unix transport");
        }
        if (host.has("name")) {
          draft.refuse(host, "transport 'unix' takes a socket, not the name of a host");
        }
      } else {
        if (host.has("socket")) {
          draft.refuse(
              host, "transport '%s' does not support socket attribute".formatted(transport));
        }
        if (transport.equals("rdma")) {
          draft.refuse(host, "transport protocol 'rdma' is not yet supported");
        }
        if (!host.has("name")) {
          draft.refuse(host, "missing name for host");
        }
      }
    }
    if (source.attribute("name", "").isEmpty() && !protocol.equals("nbd")) {
      draft.refuse(source, "missing name for disk source");
    }
    boolean pooled = protocol.equals("rbd") || protocol.equals("gluster");
    String name = source.attribute("name", "");
    int slash = name.indexOf('/');
    if (pooled && !name.isEmpty() && (slash <= 0 || slash == name.length() - 1)) {
      draft.refuse(source, "can't split path '%s' into pool name and image name".formatted(name));
    }
    // QEMU has lost these over time
    boolean old = protocol.equals("sheepdog") || protocol.equals("vxhs");
    boolean known = draft.capabilities().schema().has("blockdev-add/+" + protocol);
    if (protocol.equals("tftp") || (old && !known)) {
      draft.refuse(
          source, "'%s' protocol is not supported with this QEMU binary".formatted(protocol));
    }
    if (source.has("query") && !WEB.contains(protocol)) {
      draft.refuse(source, "query is supported only with HTTP(S) protocols");
    }
    if (source.is("tls", "yes") && !Set.of("nbd", "vxhs").contains(protocol)) {
      draft.refuse(source, "TLS is not supported for disks of protocol '%s'".formatted(protocol));
    }
    cookies(draft, source);
    ServerRefusals.check(draft, source, protocol);
  }

  // What a browser could not send either: see RFC 6265.
  private static void cookies(Draft draft, XmlElement source) {
    List<XmlElement> cookies =
        source.child("cookies").map(c -> c.children("cookie")).orElse(List.of());
    Set<String> seen = new HashSet<>();
    for (XmlElement cookie : cookies) {
      if (!seen.add(cookie.attribute("name", ""))) {
        draft.refuse(cookie, "duplicate cookie '%s'".formatted(cookie.attribute("name", "")));
      }
      String name = cookie.attribute("name", "");
      if (name.isEmpty() || name.chars().anyMatch(c -> " ,;=\t\"\\()/<>@:?[]{}".indexOf(c) >= 0)) {
        draft.refuse(cookie, "cookie name '%s' contains invalid characters".formatted(name));
      }
      String value = cookie.text();
      boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
      String inner = quoted ? value.substring(1, value.length() - 1) : value;
      if (value.isEmpty() || inner.chars().anyMatch(c -> c <= ' ' || "\",;\\".indexOf(c) >= 0)) {
        draft.refuse(cookie, "value of cookie '%s' contains invalid characters".formatted(name));
      }
    }
  }

  private static void options(Draft draft, XmlElement holder, XmlElement source, String format) {
    boolean qcow2 = format.equals("qcow2");
    Optional<XmlElement> cache =
        holder.at("driver/metadata_cache").or(() -> holder.at("format/metadata_cache"));
    if (cache.isPresent() && !qcow2) {
      draft.refuse(holder, "metadata_cache is only supported by format 'qcow2'");
    }
    if (holder.value("driver/@discard_no_unref").isPresent() && !qcow2) {
      draft.refuse(holder, "'discard_no_unref' only works with format 'qcow2'");
    }
    if (source.hasChild("dataStore") && !qcow2) {
      draft.refuse(holder, "only format 'qcow2' keeps its data in a <dataStore>");
    }
  }

  private static void librbd(Draft draft, XmlElement holder, XmlElement source) {
    XmlElement encryption =
        source.child("encryption").or(() -> holder.child("encryption")).orElse(null);
    if (encryption == null) {
      return;
    }
    encryption.children("secret").stream()
        .filter(s -> !s.is("type", "passphrase"))
        .forEach(s ->
            draft.refuse(
                s,
                "unknown volume encryption secret type '%s'".formatted(s.attribute("type", ""))));
    secrets(draft, encryption);
    String engine = encryption.attribute("engine", "qemu");
    String kind = encryption.attribute("format", "");
    if (engine.equals("librbd")) {
      if (!source.is("protocol", "rbd")) {
        draft.refuse(
            encryption, "encryption engine 'librbd' is supported only with protocol 'rbd'");
      }
      if (kind.equals("qcow") || kind.equals("default")) {
        draft.refuse(
            encryption,
            "encryption format '%s' is not supported by engine 'librbd'".formatted(kind));
      }
    } else {
      if (kind.equals("qcow") || kind.equals("default")) {
        draft.refuse(encryption, "old qcow/qcow2 encryption is not supported");
      } else if (!encryption.hasChild("secret")) {
        draft.refuse(encryption, "missing secret info for '%s' driver".formatted(kind));
      }
      if (kind.equals("luks2") || kind.equals("luks-any")) {
        draft.refuse(
            encryption,
            "encryption format '%s' is supported only by engine 'librbd'".formatted(kind));
      }
      if (encryption.children("secret").size() > 1) {
        draft.refuse(encryption, "several secrets are supported only by engine 'librbd'");
      }
    }
  }

  private static void secrets(Draft draft, XmlElement encryption) {
    for (XmlElement secret : encryption.children("secret")) {
      if (secret.has("uuid") == secret.has("usage")) {
        draft.refuse(secret, "a secret is known by either its uuid or its usage");
      }
    }
    encryption
        .child("cipher")
        .ifPresent(c -> draft.refuse(c, "an image's <cipher> is known from the image itself"));
  }
}
