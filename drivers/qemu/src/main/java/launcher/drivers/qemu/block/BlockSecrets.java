package launcher.drivers.qemu.block;

import java.util.List;
import java.util.stream.Collectors;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.SecretRef;
import launcher.schemas.domain.StorageSource;

/**
 * Secrets of images as QEMU's objects.
 *
 * <p>A plan holds no secret: texts between dollar signs name it, and whoever starts the guest puts
 * in its place the value, encrypted with the guest's master key, and the vector of the encryption.
 */
final class BlockSecrets {
  private BlockSecrets() {}

  /** Adds a secret that the host keeps. */
  static void add(CommandLine out, XmlElement origin, String id, SecretRef secret) {
    String name =
        secret.uuid().orElseGet(() -> "usage:" + secret.type() + ":" + secret.usage().orElse(""));
    add(out, origin, id, name);
  }

  /** Adds a secret that the host's settings name. */
  static void add(CommandLine out, XmlElement origin, String id, String name) {
    out.add(
        origin,
        "-object",
        Props.of("qom-type", "secret")
            .put("id", id)
            .put("data", "$secret:" + name + "$")
            .put("keyid", "masterKey0")
            .put("iv", "$secret-iv:" + name + "$")
            .put("format", "base64"));
  }

  /** Adds the cookies of an HTTP request, which are as good as a password. */
  static void addCookies(
      CommandLine out, XmlElement origin, String id, List<StorageSource.Cookie> cookies) {
    String text =
        cookies.stream().map(c -> c.name() + "=" + c.value()).collect(Collectors.joining("; "));
    add(out, origin, id, "text:" + text);
  }
}
