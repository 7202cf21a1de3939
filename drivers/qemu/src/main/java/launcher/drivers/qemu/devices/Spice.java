package launcher.drivers.qemu.devices;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.host.QemuHost;
import launcher.schemas.domain.Graphics;

/** {@code -spice}; it says some keys several times, so it is no {@link Props}. */
final class Spice {
  private final Guest guest;
  private final Graphics graphics;
  private final List<String> parts = new ArrayList<>();

  private Spice(Guest guest, Graphics graphics) {
    this.guest = guest;
    this.graphics = graphics;
  }

  static void write(Guest guest, CommandLine out, Graphics graphics) {
    Spice spice = new Spice(guest, graphics);
    spice.where();
    spice.access();
    spice.channels();
    spice.pictures();
    spice.agent();
    spice.gl();
    spice.put("seamless-migration", "on");
    out.add(graphics, "-spice", String.join(",", spice.parts));
    graphics.keymap().ifPresent(map -> out.add(graphics, "-k", map));
  }

  private void put(String key, String value) {
    parts.add(key + "=" + Props.escape(value));
  }

  private void put(String key, Optional<String> value) {
    value.ifPresent(v -> put(key, v));
  }

  private void where() {
    switch (graphics.listen()) {
      case Graphics.Listen.Nowhere ignored -> put("port", "0");
      case Graphics.Listen.Socket socket -> {
        put("unix", "on");
        put("addr", socket.path());
      }
      case Graphics.Listen.Address address -> at(address.address());
      case Graphics.Listen.Network network -> at(network.address());
    }
  }

  private void at(Optional<String> address) {
    put("port", graphics.port().map(String::valueOf));
    if (settings().on("spiceTLS")) {
      put("tls-port", graphics.tlsPort().map(String::valueOf));
    }
    put("addr", address.orElseGet(() -> DisplayServers.listenAddress(guest, "spice")));
  }

  private void access() {
    if (settings().on("spiceSASL")) {
      put("sasl", "on");
    }
    put("agent-mouse", graphics.mouseMode().map(mode -> mode.equals("server") ? "off" : "on"));
    // SPICE lets nobody in without a password unless it is told to; see docs/displays.md
    if (graphics.password().isEmpty() && settings().on("spiceWithoutTicket")) {
      put("disable-ticketing", "on");
    }
  }

  private void channels() {
    boolean socket = graphics.listen() instanceof Graphics.Listen.Socket;
    boolean tls = settings().on("spiceTLS") && !socket && graphics.tlsPort().isPresent();
    if (tls) {
      put("x509-dir", settings().text("spiceTLSx509certdir").orElse("/etc/pki/libvirt-spice"));
    }
    channel("default", graphics.defaultMode());
    graphics.channelModes().forEach(this::channel);
  }

  private void channel(String name, String mode) {
    switch (mode) {
      case "secure" -> put("tls-channel", name);
      case "insecure" -> put("plaintext-channel", name);
      default -> {
        // any
      }
    }
  }

  private void pictures() {
    put("image-compression", graphics.imageCompression());
    put("jpeg-wan-compression", graphics.jpegCompression());
    put("zlib-glz-wan-compression", graphics.zlibCompression());
    put("playback-compression", graphics.playbackCompression());
    put("streaming-video", graphics.streamingMode());
  }

  private void agent() {
    if (!graphics.copyPaste().orElse(true)) {
      put("disable-copy-paste", "on");
    }
    if (!graphics.fileTransfer().orElse(true)) {
      put("disable-agent-file-xfer", "on");
    }
  }

  private void gl() {
    if (graphics.gl().orElse(false)) {
      put("gl", "on");
      put("rendernode", Displays.renderNode(guest, graphics));
    }
  }

  private QemuHost.Settings settings() {
    return guest.host().settings();
  }
}
