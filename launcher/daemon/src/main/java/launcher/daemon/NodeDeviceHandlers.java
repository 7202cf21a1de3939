package launcher.daemon;

import launcher.control.Json;
import launcher.engine.Engine;
import launcher.engine.NodeDevices;

/**
 * Carries out the verbs about devices of the host.
 *
 * @param engine whose host it is
 */
record NodeDeviceHandlers(Engine engine) implements HandlerFamily {
  @Override
  public void register(Handlers handlers) {
    handlers
        .read(
            "nodedev-list",
            _ -> Json.of(devices().list().stream().map(NodeDeviceHandlers::row).toList()))
        .read("nodedev-dumpxml", call -> Json.object("xml", devices().xml(name(call))))
        .manage(
            "nodedev-detach",
            call -> done(() -> devices().detach(name(call), call.arguments().findText("driver"))))
        .manage("nodedev-reattach", call -> done(() -> devices().reattach(name(call))))
        .manage("nodedev-reset", call -> done(() -> devices().reset(name(call))));
  }

  private NodeDevices devices() {
    return engine.nodeDevices();
  }

  private static Json row(NodeDevices.NodeDevice device) {
    return Json.object(
        "name", device.name(),
        "capability", device.capability(),
        "parent", device.parent());
  }

  private static String name(Call call) {
    return call.arguments().text("device");
  }
}
