package launcher.drivers.qemu.block;

import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Encryption;

/** Encryption that librbd itself undoes, for each layer of cloned images with its own secret. */
final class RbdEncryption {
  private RbdEncryption() {}

  static Props props(Encryption encryption, String node, int layer) {
    Props props = Props.of("format", encryption.format()).put("key-secret", secretId(node, layer));
    return layer + 1 < encryption.secrets().size()
        ? props.put("parent", props(encryption, node, layer + 1))
        : props;
  }

  static String secretId(String node, int layer) {
    return node + "-encryption-secret" + layer;
  }
}
