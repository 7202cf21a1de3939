package launcher.drivers.qemu.command;

import launcher.schemas.XmlElement;

/**
 * {@code -object secret}: a secret, encrypted with the guest's master key.
 *
 * <p>A plan holds no secret: texts between dollar signs name it, and whoever starts the guest puts
 * in its place the value, encrypted with the guest's master key, and the vector of the encryption.
 */
public final class Secrets {
  private Secrets() {}

  /**
   * Adds the object and gives its id.
   *
   * @param name of the secret: its UUID, {@code usage:TYPE:USAGE}, or {@code text:} and the value
   *     where the definition itself holds it
   */
  public static String add(CommandLine out, XmlElement origin, String id, String name) {
    out.add(
        origin,
        "-object",
        Props.of("qom-type", "secret")
            .put("id", id)
            .put("data", "$secret:" + name + "$")
            .put("keyid", "masterKey0")
            .put("iv", "$secret-iv:" + name + "$")
            .put("format", "base64"));
    return id;
  }
}
