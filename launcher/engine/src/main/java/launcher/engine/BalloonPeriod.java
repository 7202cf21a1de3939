package launcher.engine;

import java.time.Duration;
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
          acts.guest().devices().memoryStatisticsEvery(period);
          acts.alive(live -> write(live, period));
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
