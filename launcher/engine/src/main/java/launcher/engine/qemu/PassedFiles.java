package launcher.engine.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.isolation.IsolationSteps;
import launcher.engine.saving.OpenFile;
import launcher.spawn.libc.PinnedFile;

/**
 * Files opened here and handed to a running QEMU, which is confined and may open none that were not
 * named at its start.
 */
public final class PassedFiles {
  private PassedFiles() {}

  /**
   * Hands a file over.
   *
   * @param ways every way in which QEMU may open it
   * @return the name by which QEMU opens it
   * @throws EngineException when it cannot be opened
   */
  public static String pass(QemuMonitor monitor, Path file, List<OpenFile.Access> ways) {
    Props set = Props.empty();
    long number = -1;
    // the very file that is looked at, whatever becomes of its name; a fifo is not waited for
    try (PinnedFile pinned = PinnedFile.open(file.toRealPath())) {
      IsolationSteps.refuseOtherThanImage(pinned);
      for (OpenFile.Access way : ways) {
        try (OpenFile open = OpenFile.open(pinned.link(), way, 0)) {
          number = monitor.passing(open.descriptor(), "add-fd", set).number("fdset-id", -1);
          set = Props.empty().put("fdset-id", number);
        }
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.INVALID, "'" + file + "' cannot be used: " + e.getMessage(), e);
    }
    return "/dev/fdset/" + number;
  }

  /** The ways of a disk image. */
  public static List<OpenFile.Access> image(boolean readOnly) {
    return readOnly ? List.of(OpenFile.Access.READ) : List.of(OpenFile.Access.READ_WRITE);
  }
}
