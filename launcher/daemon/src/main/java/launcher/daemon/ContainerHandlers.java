package launcher.daemon;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.drivers.lxc.LxcDriver;
import launcher.engine.Engine;
import launcher.engine.EngineException;
import launcher.engine.Guest;
import launcher.engine.GuestLimit;
import launcher.engine.Scope;
import launcher.engine.XmlView;

/**
 * What only containers are asked.
 *
 * @param engine the guests
 */
record ContainerHandlers(Engine engine) implements HandlerFamily {
  @Override
  public void register(Handlers handlers) {
    handlers
        .manage("container-place", this::place)
        .read("limits", this::limits)
        .manage("set-limits", this::setLimits);
  }

  private Json limits(Call call) {
    Guest guest = engine.guests().get(call.guest());
    Scope scope = ChangeHandlers.scope(call, guest);
    scope.check(guest);
    Map<String, Long> all = new LinkedHashMap<>();
    (scope.live() ? guest.limits().all() : guest.limits().defined())
        .forEach((limit, value) -> all.put(limit.word(), value));
    return Json.of(all);
  }

  private Json setLimits(Call call) {
    Guest guest = engine.guests().get(call.guest());
    Members said = call.arguments().object("limits");
    Map<GuestLimit, Long> wanted = new LinkedHashMap<>();
    for (GuestLimit limit : GuestLimit.values()) {
      said.findWhole(limit.word()).ifPresent(value -> wanted.put(limit, value));
    }
    guest.limits().set(wanted, ChangeHandlers.scope(call, guest));
    return Json.object();
  }

  /** Where LXC's own tools find a running container. */
  private Json place(Call call) {
    Guest guest = engine.guests().get(call.guest());
    if (!guest.tree(XmlView.INACTIVE).is("type", "lxc")) {
      throw new EngineException(
          EngineException.Kind.INVALID, "guest '" + guest.name() + "' is not a container of LXC");
    }
    if (guest.pid().isEmpty()) {
      throw new EngineException(
          EngineException.Kind.WRONG_STATE, "guest '" + guest.name() + "' is not running");
    }
    Path folder = engine.folders().runtime().resolve("guests").resolve(guest.uuid());
    Path path = LxcDriver.lxcPath(engine.facts().privileged(), folder);
    return Json.object("lxcpath", path.toString(), "name", guest.uuid());
  }
}
