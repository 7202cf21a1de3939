package launcher.engine.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The first process of a container, as the kernel sees it from the host. */
public final class InitProcess {
  private InitProcess() {}

  /**
   * The process that is number 1 in its own pid namespace and a child of the monitor, once it has
   * become the container's program.
   */
  public static Optional<Integer> of(int monitor) {
    try {
      Path children = Path.of("/proc/" + monitor + "/task/" + monitor + "/children");
      for (String word : Files.readString(children).strip().split(" ")) {
        if (!word.isEmpty() && isFirst(word) && !sameProgram(word, monitor)) {
          return Optional.of(Integer.valueOf(word));
        }
      }
      return Optional.empty();
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  private static boolean isFirst(String pid) throws IOException {
    return field(pid, "NSpid:").map(ids -> ids.matches("\\d+(\\s+\\d+)*\\s+1")).orElse(false);
  }

  private static boolean sameProgram(String pid, int monitor) throws IOException {
    Path own = Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe"));
    return own.equals(Files.readSymbolicLink(Path.of("/proc/" + monitor + "/exe")));
  }

  private static Optional<String> field(String pid, String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst();
  }

  /**
   * Whether a process does something of its own at a signal: it catches it, blocks it to take it by
   * signalfd(2), as systemd does, or waits for it by sigwaitinfo(2), as busybox's init does.
   */
  public static boolean heeds(int pid, int signal) {
    try {
      long bit = 1L << (signal - 1);
      String word = Integer.toString(pid);
      long caught = Long.parseUnsignedLong(field(word, "SigCgt:").orElse("0"), 16);
      long blocked = Long.parseUnsignedLong(field(word, "SigBlk:").orElse("0"), 16);
      return ((caught | blocked | awaitedIfSeen(word)) & bit) != 0;
    } catch (IOException ended) {
      return false;
    }
  }

  /** Whether this process may see what that one waits for (ptrace(2), access mode checking). */
  public static boolean seen(int pid) {
    try {
      awaited(Integer.toString(pid));
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  /**
   * The signals that a process waits for: while it does, the kernel does not show them as blocked,
   * but the call's first argument is the address of their set (proc(5), syscall; rt_sigtimedwait is
   * number 128 on x86_64, 137 on aarch64 and riscv64).
   */
  private static long awaited(String pid) throws IOException {
    String number = System.getProperty("os.arch", "").equals("amd64") ? "128" : "137";
    String[] call = Files.readString(Path.of("/proc", pid, "syscall")).strip().split(" ");
    if (call.length < 2 || !call[0].equals(number)) {
      return 0;
    }
    try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
      memory.seek(Long.decode(call[1]));
      byte[] set = new byte[Long.BYTES];
      memory.readFully(set);
      return ByteBuffer.wrap(set).order(ByteOrder.nativeOrder()).getLong();
    }
  }

  /** A plain user may not look into a process of mapped ids: what is blocked has to do then. */
  private static long awaitedIfSeen(String pid) {
    try {
      return awaited(pid);
    } catch (IOException refused) {
      return 0;
    }
  }
}
