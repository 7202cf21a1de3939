package launcher.daemon;

import java.util.EnumMap;
import java.util.Map;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.engine.Engine;
import launcher.engine.Guest;
import launcher.engine.GuestTraffic.Direction;
import launcher.engine.GuestTraffic.Limit;

/**
 * Limits on what network cards carry.
 *
 * @param engine the guests
 */
record TrafficHandlers(Engine engine) implements HandlerFamily {
  @Override
  public void register(Handlers handlers) {
    handlers.read("domiftune", this::limits).manage("set-domiftune", this::limit);
  }

  private Json limits(Call call) {
    Guest guest = engine.guests().get(call.guest());
    boolean live = guest.state().active() && !call.arguments().isTrue("config");
    Members said = Json.object();
    for (Map.Entry<Direction, Limit> limit :
        guest.traffic().of(call.arguments().text("interface"), live).entrySet()) {
      Members numbers =
          Json.object(
              "average", limit.getValue().average(),
              "peak", limit.getValue().peak(),
              "burst", limit.getValue().burst());
      said = said.with(Json.object(limit.getKey().word(), numbers));
    }
    return said;
  }

  private Json limit(Call call) {
    Guest guest = engine.guests().get(call.guest());
    Map<Direction, Limit> limits = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      if (call.arguments().find(direction.word()).isPresent()) {
        Members said = call.arguments().object(direction.word());
        limits.put(
            direction,
            new Limit(whole(said, "average"), whole(said, "peak"), whole(said, "burst")));
      }
    }
    guest
        .traffic()
        .limit(call.arguments().text("interface"), limits, ChangeHandlers.scope(call, guest));
    return Json.object();
  }

  private static long whole(Members said, String name) {
    return said.findWhole(name).orElse(0L);
  }
}
