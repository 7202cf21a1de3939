package launcher.engine;

import java.util.List;
import java.util.Locale;
import launcher.drivers.plan.MonitorStep.Pin;
import launcher.drivers.qemu.block.IoThreads;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.Processors;
import launcher.engine.run.DeviceMove.Asked;
import launcher.engine.run.DeviceMove.Subject;
import launcher.engine.run.MachineThreads;
import launcher.schemas.XmlElement;

/**
 * Changes of a running guest whose outcome can be asked for: which processors and I/O threads QEMU
 * has. They are written down before they are made. Afterwards, whether they succeeded or not, and
 * when an engine comes after one that was killed between, the live definition is made to say what
 * QEMU says; pins and limits of traffic, which nobody remembers but the kernel, are made again as
 * the live definition says.
 */
final class AskedAgain {
  private final GuestLife life;

  AskedAgain(GuestLife life) {
    this.life = life;
  }

  /** Makes a change of what QEMU can be asked for. */
  void change(Subject subject, Runnable change) {
    change(
        subject,
        "",
        () -> {
          change.run();
          follow(subject, "");
        });
  }

  /**
   * Makes a change of what the kernel alone knows.
   *
   * @param part which link it is about; empty for pins
   * @param changeAndNote the change, and after it the live definition's
   */
  void change(Subject subject, String part, Runnable changeAndNote) {
    ActiveRun run = life.running();
    Asked asked = new Asked((word(subject) + " " + part).strip(), subject, part);
    BegunMoves.carryOut(life, asked, changeAndNote);
    run.settled(asked.alias());
  }

  /** Ends a change that was begun. */
  void settle(Asked asked) {
    follow(asked.subject(), asked.part());
    life.running().settled(asked.alias());
  }

  private void follow(Subject subject, String part) {
    switch (subject) {
      case PROCESSORS -> processors();
      case IO_THREADS -> ioThreads();
      case PINS -> pins();
      case TRAFFIC -> GuestTraffic.again(life, part);
      case LIMITS -> new MachineUse(life).again();
    }
  }

  private static String word(Subject subject) {
    return subject.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private void processors() {
    LiveGuest guest = LiveGuest.of(life);
    Processors processors = new Processors(guest.name(), guest.qemu());
    long count = processors.present().size();
    XmlElement live = guest.live();
    processors.describe(live);
    ProcessorChoice.current(live, count, AmountChanges.processorsAtMost(live));
    guest.run().live(live);
    GuestThreads.again(guest.run(), GuestThreads.running(guest));
    if (live.value("cputune/quota").isPresent()) {
      new MachineUse(life).again(); // it is that of all processors together
    }
  }

  private void ioThreads() {
    LiveGuest guest = LiveGuest.of(life);
    List<Long> there = List.copyOf(GuestThreads.running(guest).ioThreads().keySet());
    XmlElement live = guest.live();
    if (!there.equals(IoThreads.of(live).stream().sorted().toList())) {
      GuestIoThreads.write(live, there);
      live.child("cputune").map(tune -> tune.children("iothreadpin")).orElse(List.of()).stream()
          .filter(pin -> there.stream().noneMatch(id -> pin.is("iothread", id.toString())))
          .forEach(XmlElement::detach);
      guest.run().live(live);
    }
  }

  private void pins() {
    LiveGuest guest = LiveGuest.of(life);
    MachineThreads threads = GuestThreads.running(guest);
    XmlElement live = guest.live();
    // the emulator's first: its pin reaches whatever is none of the others
    for (Pin.Threads kind :
        List.of(Pin.Threads.EMULATOR, Pin.Threads.IO_THREAD, Pin.Threads.PROCESSOR)) {
      for (Pin pin : GuestThreads.defined(live, kind)) {
        threads.pin(pin);
      }
    }
  }
}
