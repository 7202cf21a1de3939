package launcher.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.engine.EngineException.Kind;
import launcher.engine.qemu.PassedFiles;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.MonitorSteps;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.OpenFile;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;
import tools.jackson.core.JacksonException;

/** A running QEMU guest's monitor, keyboard and screen. */
public final class GuestMonitor {
  /** At least two digits: a single one is a key's name. */
  private static final Pattern NUMBER = Pattern.compile("0x[0-9a-f]+|[0-9]{2,9}");

  /** Names of Linux's input keys that QEMU calls otherwise (qapi/ui.json, QKeyCode). */
  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("enter", "ret"),
          Map.entry("space", "spc"),
          Map.entry("leftctrl", "ctrl"),
          Map.entry("rightctrl", "ctrl_r"),
          Map.entry("leftalt", "alt"),
          Map.entry("rightalt", "alt_r"),
          Map.entry("leftshift", "shift"),
          Map.entry("rightshift", "shift_r"),
          Map.entry("leftmeta", "meta_l"),
          Map.entry("rightmeta", "meta_r"),
          Map.entry("leftbrace", "bracket_left"),
          Map.entry("rightbrace", "bracket_right"),
          Map.entry("capslock", "caps_lock"),
          Map.entry("numlock", "num_lock"),
          Map.entry("scrolllock", "scroll_lock"),
          Map.entry("pageup", "pgup"),
          Map.entry("pagedown", "pgdn"),
          Map.entry("grave", "grave_accent"));

  /** More than any screen needs: what QEMU writes is not believed. */
  private static final long LARGEST_PICTURE = 64 << 20;

  private final Guest guest;
  private final QemuRunning qemu;

  GuestMonitor(Guest guest, QemuRunning qemu) {
    this.guest = guest;
    this.qemu = qemu;
  }

  /**
   * Sends a command of QEMU's own.
   *
   * @param json such as {@code {"execute": "query-status"}}
   * @return the whole answer as JSON
   */
  public String command(String json) {
    try {
      JsonObject question = JsonText.object(json);
      JsonObject answer =
          qemu.monitor()
              .answer(
                  question.string("execute", ""),
                  MonitorSteps.props(question.object("arguments")),
                  QemuMonitor.WORK);
      return MonitorSteps.props(answer).remove("id").json();
    } catch (JacksonException e) {
      throw new EngineException(
          Kind.INVALID, "the command is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Sends a line for people, such as {@code info block}. */
  public String humanCommand(String line) {
    return qemu.monitor()
        .answer("human-monitor-command", Props.of("command-line", line), QemuMonitor.WORK)
        .string("return", "");
  }

  /**
   * Presses keys together.
   *
   * @param keys names such as {@code KEY_LEFTCTRL}, or QEMU's own such as {@code ctrl}, or numbers
   *     of the set {@code qnum} as in {@code 0x1e}
   * @param hold how long
   */
  public void sendKeys(List<String> keys, Duration hold) {
    List<Props> codes = new ArrayList<>();
    for (String key : keys) {
      String plain = key.toLowerCase(Locale.ROOT).replaceFirst("^key_", "");
      codes.add(
          NUMBER.matcher(plain).matches()
              ? Props.of("type", "number").put("data", Long.decode(plain))
              : Props.of("type", "qcode").put("data", KEYS.getOrDefault(plain, plain)));
    }
    qemu.monitor()
        .ask(
            "send-key",
            Props.empty().put("keys", codes).put("hold-time", hold.toMillis()),
            QemuMonitor.WORK);
  }

  /**
   * What its screen shows.
   *
   * @return a PNG
   * @throws EngineException when it has no screen, or QEMU is older than 7.1 and writes no PNG
   */
  public byte[] screenshot() {
    return screenshot(0);
  }

  /**
   * What one of its screens shows.
   *
   * @param screen its number, from 0: the heads of the first video card, then those of the next
   * @return a PNG
   */
  public byte[] screenshot(long screen) {
    // in no folder of the guest's: there it could make a symbolic link of it before we open it
    Path folder = guest.life().context().folders().runtime().resolve("screens");
    Path file = folder.resolve(guest.life().running().record().uuid() + ".png");
    try {
      AtomicFile.folder(folder, 0700);
      AtomicFile.write(file, "");
      QemuHypervisor.lending(guest.life(), qemu.monitor(), file, () -> draw(file, screen));
      if (Files.size(file) > LARGEST_PICTURE) {
        throw new IOException("it has more than " + (LARGEST_PICTURE >> 20) + " MiB");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "the screen of guest '" + guest.name() + "' cannot be read: " + EngineException.reason(e),
          e);
    } finally {
      remove(file);
    }
  }

  private void draw(Path file, long screen) {
    Props head = head(screen);
    String name = PassedFiles.pass(qemu.monitor(), file, List.of(OpenFile.Access.WRITE));
    qemu.monitor()
        .ask("screendump", head.put("filename", name).put("format", "png"), QemuMonitor.WORK);
  }

  /** QEMU calls a screen by its card and the number of the card's head. */
  private Props head(long screen) {
    if (screen == 0) {
      return Props.empty();
    }
    long left = screen;
    for (XmlElement video :
        guest.life().running().live().copy().childOrAdd("devices").children("video")) {
      long heads = Math.max(1, Numbers.parse(video.value("model/@heads", "1")).orElse(1));
      if (left < heads) {
        return Props.of("device", video.value("alias/@name", "")).put("head", left);
      }
      left -= heads;
    }
    throw new EngineException(
        Kind.NOT_FOUND, "guest '" + guest.name() + "' has no screen " + screen);
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // the next one replaces it
      return;
    }
  }
}
