package launcher.daemon;

import java.util.List;
import java.util.Optional;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.engine.Engine;
import launcher.engine.GuestAgent;

/**
 * Acts of the agent inside a guest.
 *
 * @param engine the guests
 */
record AgentHandlers(Engine engine) implements HandlerFamily {
  @Override
  public void register(Handlers handlers) {
    handlers
        .manage("domfsfreeze", this::freeze)
        .manage("domfsthaw", this::thaw)
        .manage("domfstrim", this::trim)
        .manage("set-user-password", this::password);
  }

  private GuestAgent agent(Call call) {
    return engine.guests().get(call.guest()).agent();
  }

  private Json freeze(Call call) {
    List<String> places = call.arguments().texts("mountpoints");
    return Json.object("count", agent(call).freeze(places));
  }

  private Json thaw(Call call) {
    return Json.object("count", agent(call).thaw());
  }

  private Json trim(Call call) {
    Optional<Long> minimum = call.arguments().findWhole("minimum");
    agent(call).trim(minimum.orElse(0L));
    return Json.object();
  }

  private Json password(Call call) {
    Members said = call.arguments();
    agent(call).password(said.text("user"), said.text("password"), said.isTrue("encrypted"));
    return Json.object();
  }
}
