package launcher.engine.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.run.ProcessorPlaces;
import launcher.schemas.XmlElement;

/** The processors of a running QEMU: how many there are, and more or fewer of them. */
public final class Processors {
  private static final Pattern OURS = Pattern.compile("vcpu(\\d+)");

  private final String guest;
  private final QemuRunning qemu;

  /** For a running guest. */
  public Processors(String guest, QemuRunning qemu) {
    this.guest = guest;
    this.qemu = qemu;
  }

  /**
   * One processor.
   *
   * @param index from 0
   * @param thread of QEMU that runs it, a thread id of the host
   */
  public record Processor(int index, int thread) {}

  /** Those there are now. */
  public List<Processor> present() {
    List<Processor> found = new ArrayList<>();
    JsonObject answer =
        qemu.monitor().answer("query-cpus-fast", Props.empty(), QemuMonitor.QUESTION);
    for (JsonObject cpu : answer.objects("return")) {
      found.add(new Processor((int) cpu.number("cpu-index", 0), (int) cpu.number("thread-id", 0)));
    }
    return found;
  }

  private ProcessorPlaces places() {
    return new ProcessorPlaces(
        guest, (command, arguments) -> qemu.monitor().answer(command, arguments, QemuMonitor.WORK));
  }

  /**
   * Plugs processors in or out until there are that many.
   *
   * @throws EngineException when there are too few places, or those that are there cannot go
   */
  public void set(long wanted) {
    int now = present().size();
    if (wanted > now) {
      places().grow(wanted);
    } else if (wanted < now) {
      refuseUnderEmulation();
      shrink(wanted, now, places().all().reversed());
    }
  }

  /**
   * Plugs one processor in or out.
   *
   * @param number among those of the guest
   * @throws EngineException when it is so already, or cannot come or go
   */
  public void set(long number, boolean present) {
    if (present) {
      places().plug(number);
      return;
    }
    ProcessorPlaces.Place place = places().at(number);
    Optional<String> id = place.id().filter(name -> OURS.matcher(name).matches());
    if (place.empty() || id.isEmpty()) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "processor "
              + number
              + " of guest '"
              + guest
              + (place.empty() ? "' is not there" : "' was there when it started and stays"));
    }
    refuseUnderEmulation();
    new HotPlug(guest, qemu).unplug(id.get());
  }

  /** Says in a live definition which processors are there, and which of them can go again. */
  public void describe(XmlElement live) {
    List<ProcessorPlaces.Place> places = places().all();
    live.child("vcpus").ifPresent(XmlElement::detach);
    if (places.stream().noneMatch(place -> place.id().isPresent())) {
      return;
    }
    XmlElement list = XmlElement.of("vcpus");
    long number = 0;
    long order = 1;
    for (ProcessorPlaces.Place place : places) {
      for (long i = 0; i < place.count(); i++) {
        XmlElement cpu = list.add("vcpu").set("id", number++);
        cpu.set("enabled", place.empty() ? "no" : "yes");
        cpu.set("hotpluggable", place.empty() || place.id().isPresent() ? "yes" : "no");
        if (!place.empty()) {
          cpu.set("order", order++);
        }
      }
    }
    live.childOrAdd("vcpu").addAfter(list);
  }

  /**
   * QEMU 7.2 survives the removal of an emulated processor with a damaged heap and dies at the next
   * one; seen with TCG on x86_64.
   */
  private void refuseUnderEmulation() {
    if (!qemu.monitor().ask("query-kvm").bool("enabled", false)) {
      throw new EngineException(
          Kind.INVALID,
          "guest '"
              + guest
              + "' keeps its processors while it runs without KVM, since QEMU would die of it:"
              + " use --config for its next start");
    }
  }

  private void shrink(long wanted, int from, List<ProcessorPlaces.Place> places) {
    long now = from;
    for (ProcessorPlaces.Place place : places) {
      Optional<String> id = place.id().filter(name -> OURS.matcher(name).matches());
      if (now > wanted && id.isPresent()) {
        new HotPlug(guest, qemu).unplug(id.get());
        now -= place.count();
      }
    }
    if (now != wanted) {
      throw new EngineException(
          Kind.INVALID,
          "guest '"
              + guest
              + "' cannot go down to "
              + wanted
              + " processors while it runs: "
              + now
              + " were there when it started");
    }
  }
}
