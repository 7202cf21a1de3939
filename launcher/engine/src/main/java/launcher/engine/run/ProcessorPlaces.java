package launcher.engine.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The places of a running QEMU for processors, and plugging more in.
 *
 * @param guest for messages
 * @param monitor where they are asked for
 */
public record ProcessorPlaces(String guest, Monitor monitor) {
  private static final String PLUGGED = "/machine/peripheral/";

  /** The way to QEMU. */
  @FunctionalInterface
  public interface Monitor {
    /** Asks, and gives the whole answer. */
    JsonObject answer(String command, Props arguments);
  }

  /**
   * One place.
   *
   * @param json as QEMU tells it
   */
  public record Place(JsonObject json) {
    /** Whether there is no processor. */
    public boolean empty() {
      return !json.has("qom-path");
    }

    /** The id under which it was plugged in; empty for one that was there at the start. */
    public Optional<String> id() {
      String path = json.string("qom-path", "");
      return path.startsWith(PLUGGED)
          ? Optional.of(path.substring(PLUGGED.length()))
          : Optional.empty();
    }

    /** How many processors of the guest it holds. */
    public long count() {
      return Math.max(1, json.number("vcpus-count", 1));
    }
  }

  /** All places, the first processor's first: QEMU tells them backwards. */
  public List<Place> all() {
    JsonObject answer = monitor.answer("query-hotpluggable-cpus", Props.empty());
    return answer.objects("return").reversed().stream().map(Place::new).toList();
  }

  /** Plugs processors in until there are that many. */
  public void grow(long wanted) {
    List<Place> places = all();
    long now = places.stream().filter(place -> !place.empty()).mapToLong(Place::count).sum();
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

  /**
   * Plugs one processor in.
   *
   * @param wanted its number among those of the guest
   * @throws EngineException when it is there, or its place holds several
   */
  public void plug(long wanted) {
    Place place = at(wanted);
    if (!place.empty()) {
      throw new EngineException(
          Kind.EXISTS, "guest '" + guest + "' has its processor " + wanted + " already");
    }
    plug(place, "vcpu" + wanted);
  }

  /** The place of a processor that comes and goes by itself. */
  public Place at(long wanted) {
    long number = 0;
    for (Place place : all()) {
      if (number == wanted && place.count() == 1) {
        return place;
      }
      number += place.count();
    }
    throw new EngineException(
        Kind.INVALID, "guest '" + guest + "' has no place for a single processor " + wanted);
  }

  private void plug(Place place, String id) {
    Props props = Props.of("driver", place.json().string("type", "")).put("id", id);
    for (Map.Entry<String, @Nullable Object> part :
        place.json().object("props").members().entrySet()) {
      if (part.getValue() instanceof Long value) {
        props.put(part.getKey(), value);
      }
    }
    monitor.answer("device_add", props);
  }
}
