package launcher.drivers.qemu.devices;

import java.util.Optional;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Reconnects;
import launcher.schemas.ModelElement;
import launcher.schemas.domain.CharBackend;

/** {@code -chardev}: the host's end of a character device. */
final class ChardevOptions {
  /** What a back end depends on besides itself. */
  enum Use {
    /** A port, a console or anything without rules of its own. */
    PLAIN(""),
    /** A parallel port, which a device file stands for in a different way. */
    PARALLEL(""),
    /** A channel of the SPICE agent. */
    CHANNEL("vdagent"),
    /** A smartcard. */
    SMARTCARD("smartcard"),
    /** A redirected USB device. */
    USB("usbredir");

    private final String spiceName;

    Use(String spiceName) {
      this.spiceName = spiceName;
    }
  }

  private final Guest guest;
  private final CommandLine out;
  private final ModelElement origin;

  private ChardevOptions(Guest guest, CommandLine out, ModelElement origin) {
    this.guest = guest;
    this.out = out;
    this.origin = origin;
  }

  /**
   * Adds the option and whatever it refers to.
   *
   * @param id such as {@code charserial0}
   */
  static void add(
      Guest guest,
      CommandLine out,
      ModelElement origin,
      String id,
      CharBackend backend,
      Optional<CharBackend.Log> log,
      Use use) {
    ChardevOptions options = new ChardevOptions(guest, out, origin);
    Props props = options.props(id, backend, use);
    log.ifPresent(file -> options.putLog(props, file));
    out.add(origin, "-chardev", props.text("backend"));
  }

  private Props props(String id, CharBackend backend, Use use) {
    return switch (backend) {
      case CharBackend.Null ignored -> of("null", id);
      case CharBackend.Vc ignored -> of("vc", id);
      case CharBackend.Pty ignored -> of("pty", id);
      case CharBackend.Stdio ignored -> of("stdio", id);
      case CharBackend.Dev dev ->
          of(use == Use.PARALLEL ? "parallel" : "serial", id).put("path", dev.path());
      case CharBackend.Output file ->
          of("file", id).put("path", passFile(file.path(), file.append())).put("append", true);
      case CharBackend.Pipe pipe -> of("pipe", id).put("path", pipe.path());
      case CharBackend.Udp udp -> udp(id, udp);
      case CharBackend.Tcp tcp -> tcp(id, tcp);
      case CharBackend.Unix unix -> unix(id, unix);
      case CharBackend.SpiceVmc ignored -> of("spicevmc", id).put("name", use.spiceName);
      case CharBackend.SpicePort port -> of("spiceport", id).put("name", port.channel());
      case CharBackend.VdAgent agent -> vdAgent(id, agent);
      case CharBackend.Dbus dbus -> of("dbus", id).put("name", dbus.channel());
      case CharBackend.Nmdm ignored ->
          throw new IllegalStateException("a null modem is refused before: " + origin.element());
    };
  }

  private static Props of(String backend, String id) {
    return Props.of("backend", backend).put("id", id);
  }

  private static Props udp(String id, CharBackend.Udp udp) {
    return of("udp", id)
        .put("host", udp.host())
        .put("port", udp.service())
        .put("localaddr", udp.localHost())
        .put("localport", udp.localService().isEmpty() ? "0" : udp.localService());
  }

  private Props tcp(String id, CharBackend.Tcp tcp) {
    Props props = of("socket", id).put("host", tcp.host()).put("port", tcp.service());
    if (tcp.telnet()) {
      props.put("telnet", true);
    }
    if (tcp.listen()) {
      props.put("server", true).put("wait", false);
    }
    putReconnect(props, tcp.reconnect());
    if (tcp.tls().orElse(guest.host().settings().on("chardevTLS"))) {
      props.put("tls-creds", ChardevTls.add(guest, out, origin, id, tcp.listen()));
    }
    return props;
  }

  // A listening socket is passed: it is there, with its label, before QEMU runs.
  private Props unix(String id, CharBackend.Unix unix) {
    Props props = of("socket", id);
    String path = unix.path().orElse("");
    if (unix.listen()) {
      return props.put("fd", out.pass("listen " + path)).put("server", true).put("wait", false);
    }
    props.put("path", path);
    putReconnect(props, unix.reconnect());
    return props;
  }

  private void putReconnect(Props props, Optional<CharBackend.Reconnect> reconnect) {
    reconnect.ifPresent(r -> Reconnects.put(guest, props, r));
  }

  private static Props vdAgent(String id, CharBackend.VdAgent agent) {
    Props props = of("qemu-vdagent", id).put("name", "vdagent");
    props.truth("clipboard", agent.clipboard());
    props.truth("mouse", agent.mouse().map("client"::equals));
    return props;
  }

  private void putLog(Props props, CharBackend.Log log) {
    props.put("logfile", passFile(log.file(), log.append())).put("logappend", true);
  }

  // QEMU need not be able to open the file; it is opened, and emptied if wanted, before it runs.
  private String passFile(String path, Optional<Boolean> append) {
    int descriptor = out.pass((append.orElse(false) ? "append " : "truncate ") + path);
    out.add(origin, "-add-fd", "set=" + descriptor + ",fd=" + descriptor);
    return "/dev/fdset/" + descriptor;
  }
}
