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
                throw none();
              }
              text.change(domain -> write(domain, period));
            }),
        () -> {
          XmlElement live = acts.life().running().live().copy();
          Props polling = polling(live, period);
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

  private EngineException none() {
    return new EngineException(Kind.INVALID, "guest '" + acts.guest().name() + "' has no balloon");
  }

  private Props polling(XmlElement live, Duration period) {
    String alias = live.value("devices/memballoon/alias/@name", "");
    if (alias.isEmpty()) {
      throw none();
    }
    return Props.of("path", "/machine/peripheral/" + alias)
        .put("property", "guest-stats-polling-interval")
        .put("value", period.toSeconds());
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
