package launcher.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.engine.Engine;
import launcher.schemas.XmlElement;

/**
 * The host in numbers: its processors, its memory, and what its emulators can do.
 *
 * @param engine whose host it is
 */
record NodeHandlers(Engine engine) implements HandlerFamily {
  @Override
  public void register(Handlers handlers) {
    handlers
        .read("hostname", _ -> Json.object("name", hostName()))
        .read("maxvcpus", this::processorsAtMost)
        .read("nodecpumap", _ -> NodeUsage.processors())
        .read("nodecpustats", call -> NodeUsage.processorTimes(cell(call, "cpu")))
        .read("nodememstats", call -> NodeUsage.memory(cell(call, "cell")))
        .read("freecell", _ -> NodeUsage.freeMemory())
        .read("freepages", _ -> NodePages.free())
        .manage("allocpages", this::pages)
        .read("sysinfo", _ -> Json.object("xml", SystemTables.xml()))
        .read("cpu-models", this::models);
  }

  private static Optional<Long> cell(Call call, String name) {
    return Amounts.count(call.arguments(), name, Integer.MAX_VALUE);
  }

  private static String hostName() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
  }

  private Json processorsAtMost(Call call) {
    XmlElement capabilities = HostHandlers.domainCapabilities(engine, call);
    return Json.object("count", capabilities.value("vcpu/@max").map(Long::valueOf));
  }

  private Json models(Call call) {
    XmlElement capabilities = HostHandlers.domainCapabilities(engine, call);
    List<Json> rows = new ArrayList<>();
    for (XmlElement mode : capabilities.childOrAdd("cpu").children("mode")) {
      if (mode.is("name", "custom")) {
        mode.children("model")
            .forEach(model ->
                rows.add(
                    Json.object(
                        "name", model.text(), "usable", model.attribute("usable", "unknown"))));
      }
    }
    if (rows.isEmpty()) {
      throw new ControlException(
          Outcome.FAILED,
          "the emulator '" + capabilities.value("path", "?") + "' names no models of processors");
    }
    return new Json.Array(rows);
  }

  private Json pages(Call call) throws IOException {
    Members said = call.arguments();
    NodePages.allocate(
        Amounts.count(said, "sizeKib", Integer.MAX_VALUE).orElse(0L),
        Amounts.count(said, "count", Integer.MAX_VALUE).orElse(0L),
        cell(call, "cell"),
        said.isTrue("add"));
    return Json.object();
  }
}
