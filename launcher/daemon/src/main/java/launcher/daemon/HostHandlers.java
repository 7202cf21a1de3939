package launcher.daemon;

import java.nio.file.Path;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.engine.Engine;
import launcher.engine.Host;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlWriter;

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
        .read(
            "domcapabilities",
            call -> Json.object("xml", XmlWriter.write(domainCapabilities(engine, call))))
        .read("emulator", _ -> Json.object("version", engine.host().emulatorVersion()));
  }

  /** What a domain may be, of the kind that the call says. */
  static XmlElement domainCapabilities(Engine engine, Call call) {
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
    return engine.host().domainCapabilities(wanted);
  }
}
