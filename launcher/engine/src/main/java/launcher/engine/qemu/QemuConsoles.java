package launcher.engine.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.Console;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.console.ConsoleHub;
import launcher.engine.store.FileTail;
import launcher.schemas.XmlElement;

/** The terminals of a running QEMU guest. */
public final class QemuConsoles {
  /** What a new view shows of the log: about a screen. */
  private static final int SCREEN = 4096;

  private static final String PTY = "pty:";

  private final String guest;
  private final QemuMonitor monitor;
  private final int pid;
  private final Map<String, ConsoleHub> hubs = new HashMap<>();

  QemuConsoles(String guest, int pid, QemuMonitor monitor) {
    this.guest = guest;
    this.pid = pid;
    this.monitor = monitor;
  }

  /**
   * Opens a view.
   *
   * @param live the guest's live definition
   * @param device alias such as {@code serial0}; empty for the first terminal
   * @param replay whether the last screen of the log comes first
   * @throws EngineException when there is no such terminal
   */
  public synchronized Console open(XmlElement live, String device, boolean replay) {
    XmlElement terminal = terminal(live, device);
    String alias = terminal.value("alias/@name", "");
    try {
      ConsoleHub hub = hubs.get(alias);
      if (hub == null) {
        hub = new ConsoleHub(path(alias));
        hubs.put(alias, hub);
      }
      return hub.view(replay ? tail(terminal) : new byte[0]);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "the console of guest '" + guest + "' cannot be opened: " + e.getMessage(),
          e);
    }
  }

  private XmlElement terminal(XmlElement live, String device) {
    Optional<XmlElement> devices = live.child("devices");
    for (String kind : new String[] {"serial", "console"}) {
      for (XmlElement found : devices.map(d -> d.children(kind)).orElse(List.of())) {
        if (found.is("type", "pty")
            && (device.isEmpty() || found.value("alias/@name", "").equals(device))) {
          return found;
        }
      }
    }
    throw new EngineException(
        Kind.NOT_FOUND,
        device.isEmpty()
            ? "guest '" + guest + "' has no console: add <serial type='pty'/> to its devices"
            : "guest '" + guest + "' has no terminal '" + device + "'");
  }

  /** The path of the first terminal. */
  public Optional<String> terminal(XmlElement live) {
    try {
      return Optional.of(path(terminal(live, "").value("alias/@name", "")).toString());
    } catch (EngineException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Path path(String alias) {
    JsonObject answer = monitor.answer("query-chardev", Props.empty(), QemuMonitor.QUESTION);
    for (JsonObject chardev : answer.objects("return")) {
      String file = chardev.string("filename", "");
      if (chardev.string("label", "").equals("char" + alias) && file.startsWith(PTY)) {
        return GuestTerminal.checked(guest, pid, file.substring(PTY.length()));
      }
    }
    throw new EngineException(
        Kind.NOT_FOUND, "guest '" + guest + "' has no terminal for '" + alias + "'");
  }

  private static byte[] tail(XmlElement terminal) throws IOException {
    Optional<Path> log = terminal.value("log/@file").map(Path::of);
    return log.isPresent() ? FileTail.of(log.get(), SCREEN) : new byte[0];
  }
}
