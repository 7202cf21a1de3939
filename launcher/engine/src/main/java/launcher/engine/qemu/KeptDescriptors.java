package launcher.engine.qemu;

import launcher.drivers.qemu.command.Props;
import launcher.engine.lease.LeaseHolder;

/**
 * Descriptors that a running QEMU keeps for us. Given by getfd and not by add-fd: QEMU closes the
 * unused descriptors of a set as soon as its last monitor connection ends (seen with QEMU 7.2, and
 * so a lease would end with the daemon), but a named one stays until closefd or QEMU's end.
 *
 * @param guest its name
 * @param pid its process
 * @param monitor its monitor
 */
public record KeptDescriptors(String guest, int pid, QemuMonitor monitor) implements LeaseHolder {
  @Override
  public void keep(String name, int descriptor) {
    monitor.passing(descriptor, "getfd", Props.of("fdname", name));
  }

  @Override
  public void drop(String name) {
    var unused = monitor.tryAsk("closefd", Props.of("fdname", name), QemuMonitor.QUESTION);
  }
}
