package launcher.engine.disk;

import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.isolation.LiveFiles;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.run.DiskJob;
import launcher.schemas.XmlElement;

/**
 * Begins jobs on disks: each stands in the run's record before QEMU is told of it.
 *
 * @param guest whose disks they are
 */
record DiskJobStart(LiveGuest guest) {
  /**
   * What every job is told.
   *
   * @param device its uppermost node
   * @param speed in bytes a second; 0 for no limit
   */
  static Props arguments(DiskJob job, String device, long speed) {
    return Props.of("job-id", job.id())
        .put("device", device)
        .put("speed", speed)
        .put("auto-dismiss", false);
  }

  void begin(String command, Props arguments, DiskJob job) {
    guest.run().working(job);
    try {
      guest.monitor().ask(command, arguments, QemuMonitor.WORK);
    } catch (EngineException e) {
      if (e.kind() != Kind.NOT_ANSWERING) {
        guest.run().worked(job.id());
      }
      throw e;
    }
  }

  /** The image that is written to is the guest's before QEMU is told. */
  void admitted(XmlElement disk, Runnable begin) {
    LiveFiles files = guest.files();
    files.admit(disk);
    try {
      begin.run();
    } catch (RuntimeException e) {
      files.dismiss(disk, guest.run().live());
      throw e;
    }
  }
}
