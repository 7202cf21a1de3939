package launcher.drivers.qemu.block;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Secrets;
import launcher.drivers.qemu.host.QemuHost;
import launcher.schemas.XmlElement;

/** The certificates of an encrypted NBD connection, from the host's settings. */
final class BlockTls {
  private BlockTls() {}

  /** Id of the credentials of a node. */
  static String id(String node) {
    return "obj" + node + "_tls0";
  }

  /** Adds the credentials of a node. */
  static void add(Guest guest, CommandLine out, XmlElement origin, String node) {
    QemuHost.Settings settings = guest.host().settings();
    Props object =
        Props.of("qom-type", "tls-creds-x509")
            .put("id", id(node))
            .put("dir", settings.text("nbdTLSx509certdir").orElse("/etc/pki/libvirt-nbd"))
            .put("endpoint", "client")
            .put("verify-peer", true);
    settings
        .text("nbdTLSx509secretUUID")
        .ifPresent(uuid -> {
          String secret = id(node) + "-secret0";
          Secrets.add(out, origin, secret, uuid);
          object.put("passwordid", secret);
        });
    out.add(origin, "-object", object);
  }
}
