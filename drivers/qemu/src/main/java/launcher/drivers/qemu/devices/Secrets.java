package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.ModelElement;

/** {@code -object secret}: a secret, encrypted with the guest's master key. */
final class Secrets {
  private Secrets() {}

  /**
   * Adds the object and gives its id. The value is nothing that a plan may hold: the texts between
   * dollar signs are replaced, by whoever starts the guest, with the secret of that UUID,
   * encrypted, and the vector it was encrypted with.
   *
   * @param secret UUID of the secret
   */
  static String add(CommandLine out, ModelElement origin, String id, String secret) {
    out.add(
        origin,
        "-object",
        Props.of("qom-type", "secret")
            .put("id", id)
            .put("data", "$secret:" + secret + "$")
            .put("keyid", "masterKey0")
            .put("iv", "$secret-iv:" + secret + "$")
            .put("format", "base64"));
    return id;
  }
}
