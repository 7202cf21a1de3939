package launcher.engine.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import launcher.drivers.plan.MonitorStep;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.engine.qmp.QmpClient;
import org.jspecify.annotations.Nullable;

/** Carries out steps that speak to the started program. */
public final class MonitorSteps {
  /** A loaded host takes seconds to load QEMU's libraries; a dead QEMU is seen at once. */
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private MonitorSteps() {}

  static void carryOut(MonitorStep step, Workspace workspace) {
    switch (step) {
      case MonitorStep.Handshake(Path socket) ->
          workspace.monitor(QmpClient.connect(socket, DEADLINE, workspace.events()));
      case MonitorStep.Command(String purpose, String command, String arguments) ->
          workspace.requiredMonitor().ask(command, props(JsonText.object(arguments)), DEADLINE);
      case MonitorStep.PlugProcessors(long count) ->
          new ProcessorPlaces(workspace.guest(), asking(workspace)).grow(count);
      case MonitorStep.PlugProcessor(long number) ->
          new ProcessorPlaces(workspace.guest(), asking(workspace)).plug(number);
      case MonitorStep.Pin pin ->
          new MachineThreads(workspace.guest(), workspace.child().pid(), asking(workspace))
              .pin(pin);
      case MonitorStep.Continue() ->
          workspace.requiredMonitor().ask("cont", Props.empty(), DEADLINE);
    }
  }

  private static ProcessorPlaces.Monitor asking(Workspace workspace) {
    return (command, arguments) -> workspace.requiredMonitor().answer(command, arguments, DEADLINE);
  }

  /** What was read, to be written again. */
  public static Props props(JsonObject json) {
    Props props = Props.empty();
    for (Map.Entry<String, @Nullable Object> member : json.members().entrySet()) {
      switch (member.getValue()) {
        case null -> {
          // QMP leaves out what is null
        }
        case JsonObject object -> props.put(member.getKey(), props(object));
        case Long number -> props.put(member.getKey(), number.longValue());
        case Boolean truth -> props.put(member.getKey(), truth.booleanValue());
        case List<?> list ->
            props.put(member.getKey(), list.stream().map(MonitorSteps::item).toList());
        default -> props.put(member.getKey(), String.valueOf(member.getValue()));
      }
    }
    return props;
  }

  private static Object item(Object value) {
    return value instanceof JsonObject object ? props(object) : value;
  }
}
