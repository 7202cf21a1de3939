package launcher.drivers.plan;

/**
 * One thing to do, as plain data. What it does is done by the engine's handler of its family; what
 * undoes it depends on nothing but the step itself, so that any later process can undo it.
 */
public sealed interface Step
    permits FileStep,
        DescriptorStep,
        LinkStep,
        MonitorStep,
        ContainerStep,
        IsolationStep,
        LeaseStep,
        HelperStep,
        HostDeviceStep,
        ImageStep,
        SecretStep {
  /** What is done, as in {@code Failed at step 'make folder'}. */
  String name();

  /** What it is done to: a path, a device, a value. */
  String object();

  /** What takes it back, in words; empty when there is nothing to take back. */
  String undo();

  /** {@code make folder '/run/launcher/guests/…'}. */
  default String words() {
    return object().isEmpty() ? name() : name() + " '" + object() + "'";
  }
}
