package launcher.engine.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import org.jspecify.annotations.Nullable;

/** The processors of a running QEMU: how many there are, and more or fewer of them. */
public final class Processors {
  private static final String PLUGGED = "/machine/peripheral/";
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

  /** A place for processors, empty or taken. */
  private record Place(JsonObject json) {
    boolean empty() {
      return !json.has("qom-path");
    }

    /** The id under which it was plugged in; empty for one that was there at the start. */
    Optional<String> id() {
      String path = json.string("qom-path", "");
      return path.startsWith(PLUGGED)
          ? Optional.of(path.substring(PLUGGED.length()))
          : Optional.empty();
    }

    long count() {
      return Math.max(1, json.number("vcpus-count", 1));
    }
  }

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

  /** All places, the first processor's first: QEMU tells them backwards. */
  private List<Place> places() {
    JsonObject answer =
        qemu.monitor().answer("query-hotpluggable-cpus", Props.empty(), QemuMonitor.QUESTION);
    return answer.objects("return").reversed().stream().map(Place::new).toList();
  }

  /**
   * Plugs processors in or out until there are that many.
   *
   * @throws EngineException when there are too few places, or those that are there cannot go
   */
  public void set(long wanted) {
    int now = present().size();
    List<Place> places = places();
    if (wanted > now) {
      grow(wanted, now, places);
    } else {
      refuseUnderEmulation();
      shrink(wanted, now, places.reversed());
    }
  }

  private void grow(long wanted, int from, List<Place> places) {
    long now = from;
    long number = 0;
    for (Place place : places) {
      if (now < wanted && place.empty() && now + place.count() <= wanted) {
        plug(place, "vcpu" + number);
        now += place.count();
      }
      number += place.count();
    }
    if (now != wanted) {
      throw new EngineException(
          Kind.INVALID,
          "guest '" + guest + "' has no places for " + wanted + " processors; it has now " + now);
    }
  }

  private void plug(Place place, String id) {
    Props props = Props.of("driver", place.json().string("type", "")).put("id", id);
    for (Map.Entry<String, @Nullable Object> part :
        place.json().object("props").members().entrySet()) {
      if (part.getValue() instanceof Long value) {
        props.put(part.getKey(), value);
      }
    }
    qemu.monitor().ask("device_add", props, QemuMonitor.WORK);
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

  private void shrink(long wanted, int from, List<Place> places) {
    long now = from;
    for (Place place : places) {
      Optional<String> id = place.id().filter(name -> OURS.matcher(name).matches());
      if (now > wanted && id.isPresent()) {
        new HotPlug(guest, qemu).unplugDevice(id.get());
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
