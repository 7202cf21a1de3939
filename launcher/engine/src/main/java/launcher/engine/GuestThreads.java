package launcher.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import launcher.drivers.plan.MonitorStep.Pin;
import launcher.drivers.plan.MonitorStep.Pin.Threads;
import launcher.drivers.qemu.block.IoThreads;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.drivers.qemu.start.ThreadPins;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.ActiveRun;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.DeviceMove.Subject;
import launcher.engine.run.MachineThreads;
import launcher.schemas.XmlElement;

/**
 * On which of the host's processors the threads of a QEMU guest may run, while it runs and from its
 * next start on.
 */
public final class GuestThreads {
  /** What stands for all processors of the host, as in virsh. */
  private static final String RESET = "r";

  private final Guest guest;
  private final ChangeActs acts;

  GuestThreads(Guest guest, Guests guests) {
    this.guest = guest;
    acts = new ChangeActs(guest, guests);
  }

  /** The threads of a running guest. */
  static MachineThreads running(Guest guest) {
    return running(guest.name(), guest.life().running(), guest.qemu());
  }

  /** The same. */
  static MachineThreads running(LiveGuest guest) {
    return running(guest.name(), guest.run(), guest.qemu());
  }

  private static MachineThreads running(String name, ActiveRun run, QemuRunning qemu) {
    return new MachineThreads(
        name,
        run.record().pid(),
        (command, arguments) -> qemu.monitor().answer(command, arguments, QemuMonitor.WORK));
  }

  /** Where a definition lets each thread of a kind run. */
  static List<Pin> defined(XmlElement domain, Threads kind) {
    return numbers(domain, kind).stream()
        .map(number -> new Pin(kind, number, defined(domain, kind, number)))
        .toList();
  }

  /**
   * The processors of the host for each thread of a kind.
   *
   * @param live as they run, else as defined
   * @return by the number of the guest's processor or of the I/O thread; 0 for the emulator
   */
  public SequencedMap<Long, String> pins(Threads threads, boolean live) {
    XmlElement domain = guest.tree(live ? XmlView.LIVE : XmlView.INACTIVE);
    TreeMap<Long, String> pins = new TreeMap<>();
    for (long number : numbers(domain, threads)) {
      pins.put(number, defined(domain, threads, number));
    }
    if (live) {
      Map<Long, Integer> present =
          switch (threads) {
            case PROCESSOR -> running(guest).processors();
            case IO_THREAD -> running(guest).ioThreads();
            case EMULATOR -> Map.of(0L, guest.life().running().record().pid());
          };
      present.forEach((number, thread) -> affinity(thread).ifPresent(set -> pins.put(number, set)));
    }
    return pins;
  }

  private static List<Long> numbers(XmlElement domain, Threads threads) {
    return switch (threads) {
      case EMULATOR -> List.of(0L);
      case IO_THREAD -> List.copyOf(IoThreads.of(domain));
      case PROCESSOR ->
          LongStream.range(0, AmountChanges.processorsAtMost(domain)).boxed().toList();
    };
  }

  private static String defined(XmlElement domain, Threads threads, long number) {
    return pin(domain, threads, number)
        .flatMap(pin -> pin.attribute("cpuset"))
        .or(() -> domain.value("vcpu/@cpuset"))
        .orElseGet(GuestThreads::online);
  }

  private static Optional<String> affinity(int thread) {
    try {
      return Files.readAllLines(Path.of("/proc/" + thread + "/status")).stream()
          .filter(line -> line.startsWith("Cpus_allowed_list:"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  private static String online() {
    try {
      return Files.readString(Path.of("/sys/devices/system/cpu/online")).strip();
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "the processors of this host are not to be read: " + EngineException.reason(e),
          e);
    }
  }

  /**
   * Pins a thread.
   *
   * @param number of the guest's processor or the I/O thread; 0 for the emulator
   * @param processors of the host such as {@code 0-3,^2}; {@code r} for all
   * @throws EngineException when there is no such thread, or the host has none of the processors
   */
  public void pin(Threads threads, long number, String processors, Scope scope) {
    boolean reset = processors.equals(RESET);
    String set = reset ? online() : canonical(processors);
    Consumer<XmlElement> write =
        domain -> write(domain, threads, number, reset ? Optional.empty() : Optional.of(set));
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            word(threads),
            text -> {
              refuseMissing(acts.life().definition().completed(), threads, number);
              text.change(write);
            }),
        () -> {
          refuseMissing(acts.life().running().live(), threads, number);
          new AskedAgain(acts.life())
              .change(
                  Subject.PINS,
                  "",
                  () -> {
                    running(guest).pin(new Pin(threads, number, set));
                    acts.alive(write);
                  });
        });
  }

  private String canonical(String processors) {
    if (!CpuSet.valid(processors) || CpuSet.parse(processors).isEmpty()) {
      throw new EngineException(
          Kind.INVALID,
          "'"
              + processors
              + "' is no set of processors: numbers and ranges such as 0-3,^2,7, or 'r' for all");
    }
    return CpuSet.write(CpuSet.parse(processors));
  }

  private void refuseMissing(XmlElement domain, Threads threads, long number) {
    if (!numbers(domain, threads).contains(number)) {
      throw new EngineException(
          Kind.NOT_FOUND,
          "guest '"
              + guest.name()
              + "' has no "
              + (threads == Threads.PROCESSOR ? "processor " : "I/O thread ")
              + number);
    }
  }

  /** Pins of a running guest are made again, after processors have come. */
  static void again(ActiveRun run, MachineThreads threads) {
    ThreadPins.of(run.live()).stream()
        .filter(Pin.class::isInstance)
        .map(Pin.class::cast)
        .filter(pin -> pin.threads() == Threads.PROCESSOR)
        .forEach(threads::pin);
  }

  private static String word(Threads threads) {
    return switch (threads) {
      case PROCESSOR -> "vcpupin";
      case IO_THREAD -> "iothreadpin";
      case EMULATOR -> "emulatorpin";
    };
  }

  private static Optional<XmlElement> pin(XmlElement domain, Threads threads, long number) {
    String attribute = threads == Threads.PROCESSOR ? "vcpu" : "iothread";
    return domain.child("cputune").map(t -> t.children(word(threads))).orElse(List.of()).stream()
        .filter(pin -> threads == Threads.EMULATOR || pin.is(attribute, Long.toString(number)))
        .findFirst();
  }

  private static void write(
      XmlElement domain, Threads threads, long number, Optional<String> processors) {
    pin(domain, threads, number).ifPresent(XmlElement::detach);
    if (processors.isPresent()) {
      XmlElement pin = XmlElement.of(word(threads));
      if (threads != Threads.EMULATOR) {
        pin.set(threads == Threads.PROCESSOR ? "vcpu" : "iothread", number);
      }
      TuneElement.of(domain, "cputune").add(pin.set("cpuset", processors.get()));
    }
    domain.child("cputune").filter(tune -> tune.children().isEmpty()).ifPresent(XmlElement::detach);
  }
}
