package launcher.engine;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException.Kind;
import launcher.engine.disk.OverlayXml;
import launcher.engine.guest.ActiveRun;
import launcher.engine.qemu.Drives;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;

/** The devices of a running QEMU guest, and its memory. */
public final class GuestDevices {
  private final Guest guest;
  private final QemuRunning qemu;

  GuestDevices(Guest guest, QemuRunning qemu) {
    this.guest = guest;
    this.qemu = qemu;
  }

  /**
   * Asks the guest's balloon driver to leave it this much memory; the guest takes its time.
   *
   * @param kib at least 1, at most the guest's memory
   */
  public void memory(long kib) {
    guest.life().act("setmem", () -> leave(kib));
  }

  /** The same, for one who holds the guest. */
  void leave(long kib) {
    ActiveRun run = guest.life().running();
    long most = run.live().value("memory").map(Long::parseLong).orElse(Long.MAX_VALUE);
    if (kib < 1 || kib > most) {
      throw new EngineException(
          Kind.INVALID, "guest '" + guest.name() + "' can have 1 to " + most + " KiB, not " + kib);
    }
    XmlElement live = run.live().copy();
    live.childOrAdd("currentMemory").set("unit", "KiB").text(Long.toString(kib));
    Props bytes = Props.empty().put("value", kib * 1024);
    ToldTwice.tell(run, qemu, "the balloon", "balloon", bytes, live);
  }

  /**
   * Puts another medium into a drive, or takes the present one out.
   *
   * @param target such as {@code sda}
   * @param file the new medium; empty to leave the drive empty
   * @param format of the file, such as {@code raw}
   * @param force even when the guest has locked the drive
   */
  public void changeMedia(String target, Optional<Path> file, String format, boolean force) {
    guest.life().act("change-media", () -> exchange(target, file, format, force));
  }

  /** The same, for one who holds the guest. */
  void exchange(String target, Optional<Path> file, String format, boolean force) {
    new MediumChange(guest.life()).exchange(target, new MediumChange.Medium(file, format), force);
  }

  /**
   * Makes a disk larger or smaller while the guest uses it.
   *
   * @param target such as {@code vda}, or the path of its file
   * @param bytes the new size, a multiple of 512
   */
  public void resize(String target, long bytes) {
    guest
        .life()
        .act(
            "blockresize",
            () -> {
              String alias =
                  OverlayXml.named(guest.name(), guest.life().running().live(), target)
                      .value("alias/@name", "");
              qemu.monitor()
                  .ask(
                      "block_resize",
                      Props.of("node-name", node(alias, target)).put("size", bytes),
                      QemuMonitor.WORK);
            });
  }

  /**
   * Plugs a device in while the guest runs; its definition is as before.
   *
   * @param xml such as {@code <disk …>}
   * @throws EngineException with every problem of the XML, or QEMU's own words
   */
  public void attach(String xml) {
    guest.life().act("attach-device", () -> new GuestHotPlug(guest.life()).attach(xml));
  }

  /**
   * Takes a device out while the guest runs, and waits until the guest has let go of it.
   *
   * @param xml the device, or as much of it as makes it the only one
   */
  public void detach(String xml) {
    guest
        .life()
        .act(
            "detach-device",
            () -> new GuestHotPlug(guest.life()).detach(XmlReader.read("device.xml", xml)));
  }

  private String node(String alias, String target) {
    return Drives.find(qemu.monitor(), alias)
        .map(drive -> drive.object("inserted").string("node-name", ""))
        .orElseThrow(() ->
            new EngineException(
                Kind.NOT_FOUND,
                "QEMU knows no disk '" + target + "' of guest '" + guest.name() + "'"));
  }

  /**
   * What the guest's balloon driver tells of its memory, under virsh's names, in KiB.
   *
   * @return {@code actual}, and what the guest tells: {@code unused}, {@code available} …
   */
  public SequencedMap<String, Long> memoryStatistics() {
    SequencedMap<String, Long> values = new LinkedHashMap<>();
    qemu.monitor()
        .tryAsk("query-balloon", Props.empty(), QemuMonitor.QUESTION)
        .ifPresent(
            answer -> values.put("actual", answer.object("return").number("actual", 0) / 1024));
    String alias = guest.life().running().live().value("devices/memballoon/alias/@name", "");
    if (!alias.isEmpty()) {
      balloonStatistics("/machine/peripheral/" + alias, values);
    }
    long resident = ResidentMemory.kib(guest.pid().orElse(0));
    if (resident > 0) {
      values.put("rss", resident);
    }
    return values;
  }

  private void balloonStatistics(String path, SequencedMap<String, Long> values) {
    Props property = Props.of("path", path).put("property", "guest-stats");
    qemu.monitor()
        .tryAsk("qom-get", property, QemuMonitor.QUESTION)
        .ifPresent(answer -> {
          JsonObject stats = answer.object("return").object("stats");
          put(values, "swap_in", stats.number("stat-swap-in", -1));
          put(values, "swap_out", stats.number("stat-swap-out", -1));
          put(values, "unused", stats.number("stat-free-memory", -1));
          put(values, "available", stats.number("stat-total-memory", -1));
          put(values, "usable", stats.number("stat-available-memory", -1));
          put(values, "disk_caches", stats.number("stat-disk-caches", -1));
        });
  }

  // what a driver does not tell is -1
  private static void put(SequencedMap<String, Long> values, String name, long bytes) {
    if (bytes >= 0) {
      values.put(name, bytes / 1024);
    }
  }
}
