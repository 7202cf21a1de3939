package launcher.engine.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.HostDeviceStep;
import launcher.engine.network.VirtualFunctions;
import launcher.spawn.Spawner;

/** Carries out the steps that give devices of the host to guests, and takes them back. */
public final class HostDevices {
  private static final String DRIVER = "driver";
  private static final String FUNCTION = "function";

  private final Sysfs sysfs;
  private final PciBinding binding;
  private final VirtualFunctions functions;

  /** Of this host, with the one door to processes. */
  public HostDevices(Spawner spawner) {
    this(Sysfs.HOST, spawner);
  }

  HostDevices(Sysfs sysfs, Spawner spawner) {
    this.sysfs = sysfs;
    binding = new PciBinding(sysfs, spawner);
    functions = new VirtualFunctions(spawner);
  }

  private DeviceMemory memory(Path folder) {
    return new DeviceMemory(folder, sysfs);
  }

  private PciChecks checks(Path folder) {
    return new PciChecks(sysfs, new DeviceClaims(memory(folder)));
  }

  /**
   * Does it.
   *
   * @throws IOException with the reason in words
   */
  public void carryOut(HostDeviceStep step) throws IOException {
    switch (step) {
      case HostDeviceStep.ClaimDevice claim ->
          new DeviceClaims(memory(claim.memory())).claim(claim);
      case HostDeviceStep.CheckGroup check -> checks(check.memory()).check(check);
      case HostDeviceStep.RequireVfio require ->
          checks(require.memory()).requireVfio(require.device());
      case HostDeviceStep.RequireMediated require ->
          checks(require.memory()).requireMediated(require.device());
      case HostDeviceStep.DetachDevice detach -> detach(detach);
      case HostDeviceStep.SetFunction set -> set(set);
    }
  }

  /**
   * Takes it back, whether it was carried out or not.
   *
   * @throws IOException with the reason in words
   */
  public void undo(HostDeviceStep step) throws IOException {
    switch (step) {
      case HostDeviceStep.ClaimDevice claim ->
          new DeviceClaims(memory(claim.memory())).release(claim);
      case HostDeviceStep.DetachDevice detach -> giveBack(detach);
      case HostDeviceStep.SetFunction set -> restore(set);
      case HostDeviceStep.CheckGroup check -> {
        // nothing was done
      }
      case HostDeviceStep.RequireVfio require -> {
        // nothing was done
      }
      case HostDeviceStep.RequireMediated require -> {
        // nothing was done
      }
    }
  }

  private void detach(HostDeviceStep.DetachDevice step) throws IOException {
    DeviceMemory memory = memory(step.memory());
    PciDevice device = new PciDevice(sysfs, step.device());
    boolean there = device.driver().equals(Optional.of(step.driver()));
    if (there && memory.read(name(DRIVER, step)).isEmpty()) {
      return; // as somebody wants it: it stays so
    }
    memory.alone(() -> remember(memory, DRIVER, step, PciBinding.Before.of(device).lines()));
    binding.hand(device, step.driver());
  }

  private void giveBack(HostDeviceStep.DetachDevice step) throws IOException {
    DeviceMemory memory = memory(step.memory());
    Optional<List<String>> before = recall(memory, DRIVER, step);
    if (before.isPresent()) {
      binding.giveBack(new PciDevice(sysfs, step.device()), PciBinding.Before.of(before.get()));
      memory.forget(name(DRIVER, step));
    }
  }

  private void set(HostDeviceStep.SetFunction step) throws IOException {
    DeviceMemory memory = memory(step.memory());
    SriovFunction function = SriovFunction.of(sysfs, step.device());
    VirtualFunctions.Setting before = functions.read(function.card(), function.index());
    memory.alone(() -> remember(memory, FUNCTION, step, before.lines()));
    functions.set(
        function.card(),
        function.index(),
        new VirtualFunctions.Setting(step.mac(), step.vlan().orElse(0)));
  }

  private void restore(HostDeviceStep.SetFunction step) throws IOException {
    DeviceMemory memory = memory(step.memory());
    Optional<List<String>> before = recall(memory, FUNCTION, step);
    if (before.isPresent()) {
      SriovFunction function = SriovFunction.of(sysfs, step.device());
      functions.set(function.card(), function.index(), VirtualFunctions.Setting.of(before.get()));
      memory.forget(name(FUNCTION, step));
    }
  }

  private static String name(String what, HostDeviceStep step) {
    return what + " " + step.device();
  }

  /**
   * The first time counts: what a device is after half a step, or after a guest that could not give
   * it back, is not what it was.
   */
  private static void remember(
      DeviceMemory memory, String what, HostDeviceStep step, List<String> before)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of(step.user()));
    lines.addAll(
        memory.read(name(what, step)).map(old -> old.subList(1, old.size())).orElse(before));
    memory.write(name(what, step), lines);
  }

  /** What was before, if it was this guest that changed it. */
  private static Optional<List<String>> recall(
      DeviceMemory memory, String what, HostDeviceStep step) throws IOException {
    return memory
        .read(name(what, step))
        .filter(lines -> lines.getFirst().equals(step.user()))
        .map(lines -> lines.subList(1, lines.size()));
  }
}
