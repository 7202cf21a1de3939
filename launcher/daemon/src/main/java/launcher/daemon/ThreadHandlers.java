package launcher.daemon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.drivers.plan.MonitorStep.Pin.Threads;
import launcher.engine.Engine;
import launcher.engine.Guest;
import launcher.engine.GuestIoThreads;

/**
 * The threads of guests: where they run, and how many serve disks.
 *
 * @param engine the guests
 */
record ThreadHandlers(Engine engine) implements HandlerFamily {
  @Override
  public void register(Handlers handlers) {
    handlers
        .read("pins", this::pins)
        .manage("pin", this::pin)
        .manage("iothreadadd", this::add)
        .manage("iothreaddel", this::remove)
        .manage("iothreadset", this::set)
        .manage("setvcpu", this::processor)
        .read("numatune", this::memoryNodes)
        .manage("set-numatune", this::moveMemory);
  }

  private Guest guest(Call call) {
    return engine.guests().get(call.guest());
  }

  private static Threads threads(Call call) {
    String word = call.arguments().text("threads");
    return switch (word) {
      case "vcpu" -> Threads.PROCESSOR;
      case "iothread" -> Threads.IO_THREAD;
      case "emulator" -> Threads.EMULATOR;
      default -> throw new ControlException(Outcome.USAGE, "there are no threads '" + word + "'");
    };
  }

  private static long number(Call call) {
    return Amounts.count(call.arguments(), "number", Integer.MAX_VALUE).orElse(0L);
  }

  private Json pins(Call call) {
    Guest guest = guest(call);
    boolean live = ChangeHandlers.look(call, guest);
    List<Json> rows = new ArrayList<>();
    guest
        .threads()
        .pins(threads(call), live)
        .forEach((number, set) -> rows.add(Json.object("number", number, "affinity", set)));
    return new Json.Array(rows);
  }

  private Json pin(Call call) {
    Guest guest = guest(call);
    guest
        .threads()
        .pin(
            threads(call),
            number(call),
            call.arguments().text("cpus"),
            ChangeHandlers.scope(call, guest));
    return Json.object();
  }

  private Json add(Call call) {
    Guest guest = guest(call);
    guest.ioThreads().add(number(call), ChangeHandlers.scope(call, guest));
    return Json.object();
  }

  private Json remove(Call call) {
    Guest guest = guest(call);
    guest.ioThreads().remove(number(call), ChangeHandlers.scope(call, guest));
    return Json.object();
  }

  private Json set(Call call) {
    Map<String, Long> values = new LinkedHashMap<>();
    Members said = call.arguments().object("values");
    for (String name : GuestIoThreads.SETTINGS) {
      Amounts.count(said, name, Long.MAX_VALUE).ifPresent(value -> values.put(name, value));
    }
    guest(call).ioThreads().set(number(call), values);
    return Json.object();
  }

  private Json memoryNodes(Call call) {
    Guest guest = guest(call);
    return Json.of(guest.changes().memoryNodes(ChangeHandlers.look(call, guest)));
  }

  private Json moveMemory(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    guest
        .changes()
        .memoryNodes(
            said.findText("mode"), said.findText("nodeset"), ChangeHandlers.scope(call, guest));
    return Json.object();
  }

  private Json processor(Call call) {
    Guest guest = guest(call);
    guest
        .changes()
        .processors(
            NumberSets.of(call.arguments().text("vcpus")),
            call.arguments().isTrue("enable"),
            ChangeHandlers.scope(call, guest));
    return Json.object();
  }
}
