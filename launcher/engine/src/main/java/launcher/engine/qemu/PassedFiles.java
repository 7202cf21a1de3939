package launcher.engine.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.isolation.IsolationSteps;
import launcher.engine.store.OpenFile;
import launcher.spawn.libc.PinnedFile;

/**
 * Files opened here and handed to a running QEMU, which is confined and may open none that were not
 * named at its start.
 */
public final class PassedFiles {
  private static final Set<String> WAYS =
      Set.of(OpenFile.Access.READ.name(), OpenFile.Access.READ_WRITE.name());

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
          set.put("opaque", way.name());
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

  /**
   * Hands a USB device of the host over: it stays QEMU's.
   *
   * @return the name by which QEMU opens it
   * @throws EngineException when it is no character device, or cannot be opened
   */
  static String passDevice(QemuMonitor monitor, Path file) {
    try (PinnedFile pinned = PinnedFile.open(file.toRealPath())) {
      IsolationSteps.refuseOtherThanDevice(pinned);
      try (OpenFile open = OpenFile.open(pinned.link(), OpenFile.Access.READ_WRITE, 0)) {
        long number =
            monitor
                .passing(open.descriptor(), "add-fd", Props.of("opaque", "DEVICE"))
                .number("fdset-id", -1);
        return "/dev/fdset/" + number;
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.INVALID, "'" + file + "' cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Takes back what QEMU may write with, when it does not any more. QEMU locks a file by its
   * descriptor, and what it closes is a copy: the lock would stay.
   *
   * @param name that {@link #pass} gave
   */
  public static void withdrawWriting(QemuMonitor monitor, String name) {
    for (JsonObject set :
        monitor.answer("query-fdsets", Props.empty(), QemuMonitor.QUESTION).objects("return")) {
      if (name.equals("/dev/fdset/" + set.number("fdset-id", -1))) {
        for (JsonObject one : set.objects("fds")) {
          if (one.string("opaque", "").equals(OpenFile.Access.READ_WRITE.name())) {
            Props which =
                Props.empty()
                    .put("fdset-id", set.number("fdset-id", -1))
                    .put("fd", one.number("fd", -1));
            var unused = monitor.tryAsk("remove-fd", which, QemuMonitor.QUESTION);
          }
        }
      }
    }
  }

  /**
   * Takes back the images that no node has: QEMU's locks on them would stay.
   *
   * @param used what the nodes call their files
   */
  static void removeUnused(QemuMonitor monitor, Set<String> used) {
    for (JsonObject set :
        monitor.answer("query-fdsets", Props.empty(), QemuMonitor.QUESTION).objects("return")) {
      long id = set.number("fdset-id", -1);
      boolean image =
          set.objects("fds").stream().anyMatch(one -> WAYS.contains(one.string("opaque", "")));
      if (image && !used.contains("/dev/fdset/" + id)) {
        var unused =
            monitor.tryAsk("remove-fd", Props.empty().put("fdset-id", id), QemuMonitor.QUESTION);
      }
    }
  }

  /** The ways of a disk image. */
  public static List<OpenFile.Access> image(boolean readOnly) {
    return readOnly ? List.of(OpenFile.Access.READ) : List.of(OpenFile.Access.READ_WRITE);
  }
}
