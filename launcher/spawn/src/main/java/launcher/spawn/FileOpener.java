package launcher.spawn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jnr.posix.CmsgHdr;
import jnr.posix.MsgHdr;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import launcher.spawn.libc.Calls.CallException;

/**
 * Opens a file in an executor that is somebody else, and gets the descriptor back by SCM_RIGHTS
 * (unix(7)).
 */
final class FileOpener {
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  private final PosixSpawn posixSpawn;
  private final Duration deadline;

  FileOpener(PosixSpawn posixSpawn, Duration deadline) {
    this.posixSpawn = posixSpawn;
    this.deadline = deadline;
  }

  int open(Descriptor.OpenFile file, Identity identity) {
    Orders orders = OrderWriter.openAs(file, identity, CapabilitySets.none());
    try (ControlSocket control = new ControlSocket()) {
      int number = Math.max(control.theirs(), 3) + 1;
      control.post(orders.toBytes());
      int pid =
          posixSpawn.start(
              control.theirs(),
              new Inheritance(List.of(), Map.of(), Map.of(), List.of(), number, false));
      if (pid < 0) {
        throw failure(SpawnStep.CREATE_PROCESS, file, identity, -pid);
      }
      PidDescriptor process = PidDescriptor.ofNewborn(pid);
      try {
        control.finishPosting();
        return receive(control, file, identity);
      } finally {
        process.signal(Signal.KILL.number());
        process.await(null);
        process.letGo();
      }
    } catch (CallException failed) {
      throw failure(SpawnStep.OPEN_FILE, file, identity, failed.errno());
    }
  }

  private static SpawnException failure(
      SpawnStep step, Descriptor.OpenFile file, Identity identity, int errno) {
    return SpawnException.opening(step, file.path(), identity, errno, Errno.text(errno));
  }

  private int receive(ControlSocket control, Descriptor.OpenFile file, Identity identity)
      throws CallException {
    if (!control.awaitReport(deadline)) {
      throw failure(SpawnStep.OPEN_FILE, file, identity, Errno.ETIMEDOUT);
    }
    POSIX posix = LazyPosix.INSTANCE;
    MsgHdr message = posix.allocateMsgHdr();
    ByteBuffer bytes = ByteBuffer.allocateDirect(ControlSocket.REPORT);
    message.setIov(new ByteBuffer[] {bytes});
    message.allocateControl(Integer.BYTES);
    int count = posix.recvmsg(control.ours(), message, MSG_CMSG_CLOEXEC);
    if (count < ControlSocket.REPORT) {
      throw SpawnException.opening(
          SpawnStep.OPEN_FILE, file.path(), identity, 0, "The executor ended without an answer");
    }
    ControlSocket.Report report = ControlSocket.report(bytes);
    if (!report.ready()) {
      throw failure(report.step(), file, identity, report.errno());
    }
    for (CmsgHdr rights : message.getControls()) {
      return rights.getData().order(ByteOrder.nativeOrder()).getInt(0);
    }
    throw SpawnException.opening(
        SpawnStep.SEND_DESCRIPTOR, file.path(), identity, 0, "No descriptor came back");
  }

  /** Loaded at the first use: jnr-posix costs a third of a second. */
  private static final class LazyPosix {
    private static final POSIX INSTANCE = POSIXFactory.getNativePOSIX();
  }
}
