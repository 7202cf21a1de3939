package launcher.engine;

import java.time.Duration;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;

/** How often the guest's balloon driver tells its numbers ({@code <stats period>}). */
record BalloonPeriod(ChangeActs acts) {
  void set(Duration period, Scope scope) {
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            "dommemstat",
            text -> {
              if (acts.life()
                  .definition()
                  .completed()
                  .value("devices/memballoon/@model", "none")
                  .equals("none")) {
                throw new EngineException(
                    Kind.INVALID, "guest '" + acts.guest().name() + "' has no balloon");
              }
              text.change(domain -> write(domain, period));
            }),
        () -> {
          XmlElement live = acts.life().running().live().copy();
          Props polling = GuestDevices.polling(acts.guest().name(), live, period);
          write(live, period);
          ToldTwice.tell(
              acts.life().running(),
              acts.guest().qemu(),
              "the balloon's numbers",
              "qom-set",
              polling,
              live);
        });
  }

  private static void write(XmlElement domain, Duration period) {
    XmlElement devices = domain.childOrAdd("devices");
    if (!devices.hasChild("memballoon")) {
      devices.add("memballoon").set("model", "virtio"); // what a guest has without a word
    }
    XmlElement balloon = devices.childOrAdd("memballoon");
    if (period.isZero()) {
      balloon.child("stats").ifPresent(XmlElement::detach);
    } else {
      balloon.childOrAdd("stats").set("period", period.toSeconds());
    }
  }
}
