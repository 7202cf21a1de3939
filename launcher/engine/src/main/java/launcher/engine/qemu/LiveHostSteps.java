package launcher.engine.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.HostDeviceStep;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.helper.ReservationHelper;
import launcher.drivers.qemu.hostdev.HostDevicePlan;
import launcher.drivers.qemu.start.MemoryLock;
import launcher.drivers.qemu.start.QemuDriver;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.run.LiveSteps;
import launcher.schemas.XmlElement;
import launcher.spawn.CommandSpec;
import launcher.spawn.Environment;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;

/** What is done on the host for a device that comes to a running guest, and taken back after it. */
public final class LiveHostSteps {
  private static final Duration TOOL = Duration.ofSeconds(20);

  private final LiveSteps steps;
  private final int pid;
  private final Path memory;

  /**
   * For a running guest.
   *
   * @param pid its process
   * @param runFolder its folder
   */
  public LiveHostSteps(LiveSteps steps, int pid, Path runFolder) {
    this.steps = steps;
    this.pid = pid;
    memory = QemuDriver.deviceMemory(runFolder);
  }

  /** Writes down a step that somebody else takes. */
  void hold(Step step) {
    steps.hold(step);
  }

  /**
   * Takes the steps for a device.
   *
   * @param live the live definition with it
   * @param helpers the programs beside the guest that it may need
   */
  public void take(
      XmlElement live, XmlElement device, List<HelperStep.Run> helpers, Spawner spawner) {
    List<Step> wanted = new ArrayList<>(HostDevicePlan.of(live, List.of(device), memory));
    if (ReservationHelper.isFor(device) && !hasHelper()) {
      wanted.addAll(helpers.stream().filter(ReservationHelper::is).toList());
    }
    if (!wanted.isEmpty()) {
      raiseMemoryLock(MemoryLock.bytes(live), spawner);
    }
    steps.take(wanted);
  }

  private boolean hasHelper() {
    return steps.all().stream().anyMatch(ReservationHelper::is);
  }

  private void raiseMemoryLock(OptionalLong bytes, Spawner spawner) {
    if (bytes.isEmpty() || isEnough(bytes.getAsLong())) {
      return;
    }
    String limit = bytes.getAsLong() < 0 ? "unlimited" : Long.toString(bytes.getAsLong());
    try {
      spawner
          .run(
              CommandSpec.of("prlimit")
                  .addAll(List.of("--pid", Integer.toString(pid), "--memlock=" + limit))
                  .environment(Environment.common())
                  .capture()
                  .build(),
              TOOL)
          .orThrow();
    } catch (SpawnException e) {
      throw new EngineException(
          Kind.FAILED, "the guest may not lock its memory for the device: " + e.getMessage(), e);
    }
  }

  private boolean isEnough(long bytes) {
    try {
      return Files.readAllLines(Path.of("/proc", Integer.toString(pid), "limits")).stream()
          .filter(line -> line.startsWith("Max locked memory"))
          .map(line -> line.substring("Max locked memory".length()).strip().split(" +")[0])
          .anyMatch(
              now -> now.equals("unlimited") || bytes >= 0 && Long.parseUnsignedLong(now) >= bytes);
    } catch (IOException ended) {
      return true;
    }
  }

  /**
   * Takes back what was done for a device that is gone, and that no other one of the guest needs.
   *
   * @param live the live definition without it
   */
  public void giveBack(XmlElement live, XmlElement device) {
    Set<String> needed = names(live, HostDevicePlan.devices(live));
    Set<String> gone = names(live, List.of(device));
    boolean helper =
        ReservationHelper.isFor(device)
            && HostDevicePlan.devices(live).stream().noneMatch(ReservationHelper::isFor);
    steps.giveBack(
        steps.all().stream()
            .filter(step ->
                helper && ReservationHelper.is(step)
                    || step instanceof HostDeviceStep host
                        && gone.contains(host.device())
                        && !needed.contains(host.device()))
            .toList());
  }

  private Set<String> names(XmlElement live, List<XmlElement> devices) {
    return HostDevicePlan.of(live, devices, memory).stream()
        .filter(HostDeviceStep.class::isInstance)
        .map(step -> ((HostDeviceStep) step).device())
        .collect(Collectors.toSet());
  }
}
