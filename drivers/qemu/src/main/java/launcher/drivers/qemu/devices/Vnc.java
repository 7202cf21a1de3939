package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Secrets;
import launcher.drivers.qemu.host.QemuHost;
import launcher.schemas.domain.Audio;
import launcher.schemas.domain.Graphics;

/** {@code -vnc}. */
final class Vnc {
  /** VNC counts displays, from this port on. */
  private static final int FIRST_PORT = 5900;

  private static final String TLS = "vnc-tls-creds0";

  private Vnc() {}

  static void write(Guest guest, CommandLine out, Graphics graphics) {
    QemuHost.Settings settings = guest.host().settings();
    Props props = Props.empty().put("vnc", where(guest, graphics));
    graphics.websocket().ifPresent(port -> props.put("websocket", port));
    props.put("share", graphics.sharePolicy());
    if (graphics.password().isPresent() || settings.text("vncPassword").isPresent()) {
      props.put("password", true);
    }
    if (settings.on("vncTLS")) {
      props.put("tls-creds", tls(out, graphics, settings));
    }
    if (settings.on("vncSASL")) {
      props.put("sasl", true);
    }
    props.truth("power-control", graphics.powerControl());
    int audio =
        graphics
            .audioId()
            .orElseGet(
                () -> guest.devices().audios().stream().mapToInt(Audio::id).findFirst().orElse(0));
    if (audio > 0) {
      props.put("audiodev", "audio" + audio);
    }
    boolean socket = graphics.listen() instanceof Graphics.Listen.Socket;
    out.add(graphics, "-vnc", props.text(socket ? "" : "vnc"));
    graphics.keymap().ifPresent(map -> out.add(graphics, "-k", map));
  }

  private static String where(Guest guest, Graphics graphics) {
    return switch (graphics.listen()) {
      case Graphics.Listen.Nowhere ignored -> "none";
      case Graphics.Listen.Socket socket -> "unix:" + socket.path().orElse("");
      case Graphics.Listen.Address address ->
          at(address.address().orElse(DisplayServers.listenAddress(guest, "vnc")), graphics);
      case Graphics.Listen.Network network ->
          at(network.address().orElse(DisplayServers.listenAddress(guest, "vnc")), graphics);
    };
  }

  private static String at(String address, Graphics graphics) {
    String host = address.contains(":") ? "[" + address + "]" : address;
    return host + ":" + (graphics.port().orElse(FIRST_PORT) - FIRST_PORT);
  }

  private static String tls(CommandLine out, Graphics graphics, QemuHost.Settings settings) {
    Props object =
        Props.of("qom-type", "tls-creds-x509")
            .put("id", TLS)
            .put("dir", settings.text("vncTLSx509certdir").orElse("/etc/pki/libvirt-vnc"))
            .put("endpoint", "server")
            .put("verify-peer", settings.on("vncTLSx509verify"));
    settings
        .text("vncTLSx509secretUUID")
        .ifPresent(uuid ->
            object.put("passwordid", Secrets.add(out, graphics.element(), TLS + "-secret0", uuid)));
    out.add(graphics, "-object", object);
    return TLS;
  }
}
