package launcher.drivers.qemu.block;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Encryption;
import launcher.schemas.domain.Image;
import launcher.schemas.domain.StorageSource;

/** The images of one chain on the command line, each after what it is layered on. */
final class ImageCommand {
  private static final Set<String> LAYERED = Set.of("qcow", "qcow2", "qed", "vmdk", "cow", "vpc");

  private final Guest guest;
  private final CommandLine out;
  private final ImageOptions options;

  ImageCommand(Guest guest, CommandLine out, ImageOptions options) {
    this.guest = guest;
    this.out = out;
    this.options = options;
  }

  /** Adds the whole chain under an image. */
  void write(ImageNodes nodes, boolean readOnly) {
    nodes.backing().ifPresent(backing -> write(backing, true));
    nodes.dataStore().ifPresent(data -> write(data, readOnly));
    Image image = nodes.image();
    secrets(nodes);
    boolean sliced = image.slice().isPresent();
    Props storage = source(nodes);
    node(storage, nodes.storage(), !sliced && !nodes.formatted(), readOnly);
    out.add(image.element(), "-blockdev", storage);
    image.slice().ifPresent(slice -> slice(nodes, slice, readOnly));
    if (nodes.formatted()) {
      out.add(image.element(), "-blockdev", format(nodes, readOnly));
    }
  }

  private Props source(ImageNodes nodes) {
    if (nodes.image().source() instanceof StorageSource.VhostVdpa vdpa) {
      int descriptor = out.pass("open " + vdpa.path());
      out.add(nodes.image().element(), "-add-fd", "set=" + descriptor + ",fd=" + descriptor);
      return Props.of("driver", "virtio-blk-vhost-vdpa").put("path", "/dev/fdset/" + descriptor);
    }
    return SourceProps.of(nodes.image(), nodes.storage(), options);
  }

  private void slice(ImageNodes nodes, Image.Slice slice, boolean readOnly) {
    Props props =
        Props.of("driver", "raw")
            .put("file", nodes.storage())
            .put("offset", slice.offset())
            .put("size", slice.size());
    node(props, nodes.slice(), !nodes.formatted(), readOnly);
    out.add(nodes.image().element(), "-blockdev", props);
  }

  // The uppermost node of an image is opened as the disk says; those below let the upper one
  // decide, and pass on what it discards.
  private void node(Props props, String name, boolean uppermost, boolean readOnly) {
    props.put("node-name", name);
    if (uppermost) {
      props.put("read-only", readOnly);
      options.putDiscard(props);
    } else {
      props.put("auto-read-only", true).put("discard", "unmap");
    }
    options.putCache(props);
  }

  private Props format(ImageNodes nodes, boolean readOnly) {
    Image image = nodes.image();
    Props props = Props.of("node-name", nodes.format()).put("read-only", readOnly);
    options.putDiscard(props);
    options.putCache(props);
    driver(props, nodes);
    nodes.dataStore().ifPresent(data -> props.put("data-file", data.top()));
    props.put("file", nodes.lower());
    if (nodes.backing().isPresent()) {
      props.put("backing", nodes.backing().get().top());
    } else if (image.below() instanceof Image.Below.End && LAYERED.contains(image.format())) {
      props.putNull("backing");
    }
    return props;
  }

  private void driver(Props props, ImageNodes nodes) {
    Image image = nodes.image();
    Optional<Encryption> encryption = image.encryption().filter(ImageNodes::byQemu);
    String secret = nodes.format() + "-encryption-secret0";
    switch (image.format()) {
      case "raw" ->
          encryption.ifPresentOrElse(
              e -> props.put("driver", "luks").put("key-secret", secret),
              () -> props.put("driver", "raw"));
      case "qcow2", "qcow" -> {
        props.put("driver", image.format());
        encryption.ifPresent(e ->
            props.put(
                "encrypt",
                Props.of("format", e.format().equals("luks") ? "luks" : "aes")
                    .put("key-secret", secret)));
        if (image.format().equals("qcow2")) {
          options.discardNoUnref().ifPresent(on -> props.put("discard-no-unref", on));
        }
        props.put("cache-size", image.metadataCacheBytes());
      }
      case "fat" -> props.put("driver", "raw");
      // the names of formats, and of QEMU's drivers for them
      case "ploop" -> props.put("driver", "parallels");
      case "vhd" -> props.put("driver", "vhdx");
      default -> props.put("driver", image.format());
    }
  }

  /** Adds the secrets of an image only. */
  void writeSecrets(ImageNodes nodes) {
    secrets(nodes);
  }

  private void secrets(ImageNodes nodes) {
    Image image = nodes.image();
    XmlElement at = image.element();
    String storage = nodes.storage();
    image
        .auth()
        .flatMap(a -> a.secret())
        .ifPresent(s -> BlockSecrets.add(out, at, storage + "-auth-secret0", s));
    image.encryption().ifPresent(e -> encryptionSecrets(nodes, e));
    if (image.source() instanceof StorageSource.Network network) {
      List<StorageSource.Cookie> cookies = network.options().cookies();
      if (!cookies.isEmpty()) {
        BlockSecrets.addCookies(out, at, storage + "-httpcookie-secret0", cookies);
      }
      if (network.protocol().equals("nbd") && network.tls().orElse(false)) {
        BlockTls.add(guest, out, at, storage);
      }
    }
    image
        .reservations()
        .filter(r -> !r.managed())
        .flatMap(r -> r.socket())
        .ifPresent(socket -> Reservations.add(out, at, Reservations.id(image, storage), socket));
  }

  private void encryptionSecrets(ImageNodes nodes, Encryption encryption) {
    String node = ImageNodes.byQemu(encryption) ? nodes.format() : nodes.storage();
    for (int i = 0; i < encryption.secrets().size(); i++) {
      BlockSecrets.add(
          out,
          nodes.image().element(),
          RbdEncryption.secretId(node, i),
          encryption.secrets().get(i));
    }
  }
}
