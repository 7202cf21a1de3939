package launcher.engine.lease;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import launcher.spawn.Errno;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Calls.CallException;
import launcher.spawn.libc.Calls.FileLock;

/**
 * The descriptors by which a process holds a lease, seen from outside. One that it inherited at its
 * start it knows nothing of, and so cannot close it; but whoever has a descriptor of the same open
 * file can give its lock back (pidfd_getfd(2)).
 */
final class HeldLease {
  private HeldLease() {}

  /**
   * Takes a lock again by a descriptor that the process still has of it.
   *
   * @return whether it holds it now; false too when it has no such descriptor
   * @throws IOException when we may not look into that process
   */
  static boolean lock(Path file, int pid, FileLock wanted) throws IOException {
    return change(file, pid, wanted);
  }

  /**
   * Gives the lock back.
   *
   * @throws IOException when we may not look into that process
   */
  static void unlock(Path file, int pid) throws IOException {
    change(file, pid, FileLock.NONE);
  }

  private static boolean change(Path file, int pid, FileLock wanted) throws IOException {
    List<Integer> numbers = find(file, pid);
    if (numbers.isEmpty()) {
      return false;
    }
    boolean done = false;
    int process = Calls.pidDescriptor(pid);
    try {
      for (int number : numbers) {
        done |= change(process, number, wanted);
      }
    } finally {
      Calls.close(process);
    }
    return done;
  }

  private static boolean change(int process, int number, FileLock wanted) throws CallException {
    int descriptor = -1;
    try {
      descriptor = Calls.descriptorOf(process, number);
      return Calls.lock(descriptor, wanted);
    } catch (CallException e) {
      // closed by the guest meanwhile, which is what is wanted
      if (e.errno() == Errno.EBADF) {
        return false;
      }
      throw e;
    } finally {
      Calls.close(descriptor);
    }
  }

  private static List<Integer> find(Path file, int pid) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    if (!Files.exists(file)) {
      return numbers;
    }
    Path real = file.toRealPath();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path descriptor : all) {
        if (target(descriptor).equals(real)) {
          numbers.add(Integer.parseInt(String.valueOf(descriptor.getFileName())));
        }
      }
    }
    return numbers;
  }

  private static Path target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (NoSuchFileException closed) {
      return Path.of("");
    }
  }
}
