package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Secrets;
import launcher.drivers.qemu.host.QemuHost;
import launcher.schemas.ModelElement;

/** The certificates of an encrypted character device, from the host's settings. */
final class ChardevTls {
  private ChardevTls() {}

  /** Adds the object and gives its id. */
  static String add(
      Guest guest, CommandLine out, ModelElement origin, String chardev, boolean server) {
    QemuHost.Settings settings = guest.host().settings();
    String id = "obj" + chardev + "_tls0";
    Props object =
        Props.of("qom-type", "tls-creds-x509")
            .put("id", id)
            .put("dir", settings.text("chardevTLSx509certdir").orElse("/etc/pki/libvirt-chardev"))
            .put("endpoint", server ? "server" : "client")
            .put("verify-peer", !server || settings.on("chardevTLSx509verify"));
    settings
        .text("chardevTLSx509secretUUID")
        .ifPresent(uuid ->
            object.put(
                "passwordid", Secrets.add(out, origin.element(), chardev + "-secret0", uuid)));
    out.add(origin, "-object", object);
    return id;
  }
}
