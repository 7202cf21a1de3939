package launcher.daemon;

import java.nio.file.Path;
import java.util.Optional;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.engine.Engine;
import launcher.engine.Host;

/**
 * The host itself.
 *
 * @param engine whose host it is
 */
record HostHandlers(Engine engine) implements HandlerFamily {
  @Override
  public void register(Handlers handlers) {
    handlers
        .read("nodeinfo", _ -> NodeInfo.read())
        .read("capabilities", _ -> Json.object("xml", engine.host().capabilities()))
        .read("domcapabilities", this::domain)
        .read("emulator", _ -> Json.object("version", engine.host().emulatorVersion()));
  }

  private Json domain(Call call) {
    Members said = call.arguments();
    if (said.findText("emulator").isPresent()) {
      // who names a program has the daemon run it
      call.requireManager("domcapabilities of an emulator that is named");
    }
    Host.Wanted wanted =
        new Host.Wanted(
            said.findText("type"),
            said.findText("emulator").map(Path::of),
            said.findText("arch"),
            said.findText("machine"));
    Optional<String> xml = Optional.of(engine.host().domainCapabilities(wanted));
    return Json.object("xml", xml);
  }
}
