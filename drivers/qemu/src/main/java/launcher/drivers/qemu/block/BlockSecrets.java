package launcher.drivers.qemu.block;

import java.util.List;
import java.util.stream.Collectors;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Secrets;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.SecretRef;
import launcher.schemas.domain.StorageSource;

/** Secrets of images as QEMU's objects. */
final class BlockSecrets {
  private BlockSecrets() {}

  /** Adds a secret that the host keeps. */
  static void add(CommandLine out, XmlElement origin, String id, SecretRef secret) {
    String name =
        secret.uuid().orElseGet(() -> "usage:" + secret.type() + ":" + secret.usage().orElse(""));
    Secrets.add(out, origin, id, name);
  }

  /** Adds the cookies of an HTTP request, which are as good as a password. */
  static void addCookies(
      CommandLine out, XmlElement origin, String id, List<StorageSource.Cookie> cookies) {
    String text =
        cookies.stream().map(c -> c.name() + "=" + c.value()).collect(Collectors.joining("; "));
    Secrets.add(out, origin, id, "text:" + text);
  }
}
