package launcher.engine;

import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonText;
import launcher.engine.EngineException.Kind;
import launcher.engine.change.DeviceMatch;
import launcher.engine.guest.ActiveRun;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.DeviceMove;
import launcher.engine.run.MonitorSteps;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/**
 * Tells QEMU what may be told twice: a link's state, the size of the balloon, a disk's limits. It
 * is written down first; an engine that comes after one that was killed between tells it again, and
 * so knows that the live definition and QEMU say the same.
 */
final class ToldTwice {
  private ToldTwice() {}

  /**
   * Tells it.
   *
   * @param what it is about, which no device's alias is
   * @param live the live definition as it is then
   */
  static void tell(
      ActiveRun run,
      QemuRunning qemu,
      String what,
      String command,
      Props arguments,
      XmlElement live) {
    run.moving(new DeviceMove.Told(what, command, arguments.json(), XmlWriter.write(live)));
    try {
      qemu.monitor().ask(command, arguments, QemuMonitor.WORK);
    } catch (EngineException e) {
      if (e.kind() != Kind.NOT_ANSWERING) {
        // who does not answer may do it yet: it is told again
        run.settled(what);
      }
      throw e;
    }
    run.live(live);
    qemu.follow(live);
    run.settled(what);
  }

  /**
   * Connects the cable of a running guest's network card, or pulls it.
   *
   * @param card of its live definition
   */
  static void link(Guest guest, XmlElement card, boolean up) {
    ActiveRun run = guest.life().running();
    XmlElement live = run.live().copy();
    DeviceMatch.find(guest.name(), live, card).childOrAdd("link").set("state", up ? "up" : "down");
    String alias = card.value("alias/@name", "");
    Props which = Props.of("name", alias).put("up", up);
    tell(run, guest.qemu(), "link of " + alias, "set_link", which, live);
  }

  /** An engine was killed before it had written down that it was done; what QEMU refuses is not. */
  static void again(LiveGuest guest, DeviceMove.Told told) {
    Props arguments = MonitorSteps.props(JsonText.object(told.arguments()));
    if (guest.monitor().tryAsk(told.command(), arguments, QemuMonitor.WORK).isPresent()) {
      XmlElement live = XmlReader.read("live.xml", told.live());
      guest.run().live(live);
      guest.qemu().follow(live);
    }
    guest.run().settled(told.alias());
  }
}
