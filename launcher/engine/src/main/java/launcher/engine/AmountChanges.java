package launcher.engine;

import java.util.Optional;
import launcher.engine.EngineException.Kind;
import launcher.engine.lxc.ContainerRunning;
import launcher.engine.qemu.Processors;
import launcher.engine.run.DeviceMove.Subject;
import launcher.schemas.XmlElement;

/** How many processors a guest has, and how much memory. */
record AmountChanges(ChangeActs acts) {
  /**
   * Changes the number of processors.
   *
   * @param count at least 1, at most the guest's maximum
   */
  void processors(long count, Scope scope) {
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            "setvcpus",
            text -> {
              long most = processorsAtMost(acts.life().definition().completed());
              refuseMany(count, most);
              Optional<String> current =
                  count == most ? Optional.empty() : Optional.of(Long.toString(count));
              text.attribute("vcpu", "current", current);
              // it lists the processors one by one, and would say otherwise
              text.removeChild("vcpus");
            }),
        () -> {
          long most = processorsAtMost(acts.life().running().live());
          refuseMany(count, most);
          Processors processors = new Processors(acts.guest().name(), acts.guest().qemu());
          new AskedAgain(acts.life()).change(Subject.PROCESSORS, () -> processors.set(count));
        });
  }

  private void refuseMany(long count, long most) {
    if (count < 1 || count > most) {
      throw new EngineException(
          Kind.INVALID,
          "guest '"
              + acts.guest().name()
              + "' can have 1 to "
              + most
              + " processors, not "
              + count);
    }
  }

  /** How many processors a domain may have. */
  static long processorsAtMost(XmlElement domain) {
    return domain.value("vcpu").map(text -> Long.parseLong(text.strip())).orElse(1L);
  }

  /**
   * Changes how many processors it may have from its next start on; those it has are fewer then.
   */
  void processorsAtMost(long count) {
    acts.carryOut(
        new Scope(false, true),
        new ChangeActs.Change(
            "setvcpus",
            text -> {
              XmlElement domain = acts.life().definition().completed();
              long current =
                  domain
                      .value("vcpu/@current")
                      .map(Long::parseLong)
                      .orElse(processorsAtMost(domain));
              text.child("vcpu", Long.toString(count));
              Optional<String> fewer =
                  current < count ? Optional.of(Long.toString(current)) : Optional.empty();
              text.attribute("vcpu", "current", fewer);
              text.removeChild("vcpus");
            }),
        () -> {});
  }

  /**
   * Changes how much memory it is left.
   *
   * @param kib at least 1, at most its maximum
   */
  void memory(long kib, Scope scope) {
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            "setmem",
            text -> {
              long most = kib(acts.life().definition().completed(), "memory");
              if (kib < 1 || kib > most) {
                throw new EngineException(
                    Kind.INVALID,
                    "guest '"
                        + acts.guest().name()
                        + "' can have 1 to "
                        + most
                        + " KiB, not "
                        + kib);
              }
              text.child("currentMemory", Long.toString(kib), "unit", "KiB");
            }),
        () -> {
          if (acts.life().running().running() instanceof ContainerRunning) {
            acts.guest().limits().memory(kib);
          } else {
            acts.guest().devices().leave(kib);
          }
        });
  }

  /**
   * Changes its maximum of memory from its next start on.
   *
   * @param kib at least 1
   */
  void memoryAtMost(long kib) {
    acts.carryOut(
        new Scope(false, true),
        new ChangeActs.Change(
            "setmaxmem",
            text -> {
              text.child("memory", Long.toString(kib), "unit", "KiB");
              if (kib(acts.life().definition().completed(), "currentMemory") > kib) {
                text.child("currentMemory", Long.toString(kib), "unit", "KiB");
              }
            }),
        () -> {});
  }

  // completion writes memory in KiB
  private static long kib(XmlElement domain, String name) {
    return domain.value(name).map(text -> Long.parseLong(text.strip())).orElse(0L);
  }
}
