package launcher.spawn.libc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;
import jnr.ffi.Pointer;
import launcher.spawn.Errno;

/**
 * Calls with their failure as an exception and EINTR tried again: what Java code of launcher uses
 * of C.
 */
public final class Calls {
  /**
   * O_CLOEXEC of open(2) and pipe2(2), SOCK_CLOEXEC of socket(2): one number on x86_64 and aarch64.
   */
  public static final int CLOEXEC = 0x80000;

  private static final int O_NONBLOCK = 0x800;

  /** O_NOFOLLOW of open(2): a symbolic link is refused. */
  public static final int O_NOFOLLOW =
      System.getProperty("os.arch").equals("aarch64") ? 0100000 : 0400000;

  private static final int F_GETFD = 1;
  private static final int F_SETFL = 4;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int POLL_BYTES = 8; // struct pollfd

  /** There is something to read, or the end (poll(2), POLLIN). */
  public static final short READABLE = 1;

  /** There is room to write (poll(2), POLLOUT). */
  public static final short WRITABLE = 4;

  private static final LibC C = Native.libc();

  private Calls() {}

  /** A failing call: its name and errno. */
  public static final class CallException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int errno;

    CallException(String call, int errno) {
      super(call + ": " + Errno.text(errno));
      this.errno = errno;
    }

    /** Why, see errno(3). */
    public int errno() {
      return errno;
    }
  }

  /** A failure that is known by other means than a call's result. */
  public static CallException failure(String call, int errno) {
    return new CallException(call, errno);
  }

  private static long check(String call, long result) throws CallException {
    if (result < 0) {
      throw new CallException(call, Native.errno());
    }
    return result;
  }

  /** A pipe: its reading end, its writing end. */
  public static int[] pipe() throws CallException {
    int[] pair = new int[2];
    check("pipe2", C.pipe2(pair, CLOEXEC));
    return pair;
  }

  /**
   * A Unix stream socket that listens at a path where there is nothing yet. To be closed by {@link
   * #close}: jnr-unixsocket would shut it down, for the program that inherited it too.
   *
   * @param path at most 107 bytes (unix(7))
   */
  public static int listeningSocket(Path path) throws CallException {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    int descriptor = (int) check("socket", C.socket(1, 1 | CLOEXEC, 0));
    try {
      Pointer address = Native.memory(Short.BYTES + name.length + 1);
      address.putShort(0, (short) 1 /* AF_UNIX */);
      address.put(Short.BYTES, name, 0, name.length);
      check("bind", C.bind(descriptor, address, Short.BYTES + name.length + 1));
      check("listen", C.listen(descriptor, 16));
      return descriptor;
    } catch (CallException failed) {
      close(descriptor);
      throw failed;
    }
  }

  /** A pair of connected Unix stream sockets. */
  public static int[] socketPair() throws CallException {
    int[] pair = new int[2];
    check("socketpair", C.socketpair(1, 1 | CLOEXEC, 0, pair));
    return pair;
  }

  /**
   * The supplementary groups that the process at the other end of a Unix socket had when it
   * connected (unix(7), SO_PEERGROUPS, Linux 4.13).
   */
  public static Set<Integer> peerGroups(int descriptor) throws CallException {
    int room = 65536; // NGROUPS_MAX
    Pointer groups = Native.memory(room * Integer.BYTES);
    Pointer length = Native.memory(Integer.BYTES);
    length.putInt(0, room * Integer.BYTES);
    check(
        "getsockopt SO_PEERGROUPS",
        C.getsockopt(descriptor, 1 /* SOL_SOCKET */, 59 /* SO_PEERGROUPS */, groups, length));
    Set<Integer> found = new TreeSet<>();
    for (int at = 0; at < length.getInt(0); at += Integer.BYTES) {
      found.add(groups.getInt(at));
    }
    return found;
  }

  /**
   * Reading and writing no longer wait: they fail with EAGAIN. Only for descriptors nobody shares.
   */
  public static void doNotWait(int descriptor) throws CallException {
    check("fcntl", C.fcntl(descriptor, F_SETFL, O_NONBLOCK));
  }

  /** True when the number is an open descriptor of this process. */
  public static boolean isOpen(int descriptor) {
    return C.fcntl(descriptor, F_GETFD, 0L) >= 0;
  }

  /** Another descriptor of the same open file. */
  public static int duplicate(int descriptor) throws CallException {
    return (int) check("fcntl", C.fcntl(descriptor, F_DUPFD_CLOEXEC, 3));
  }

  /** Memory without a file that holds these bytes and will never change, read from the start. */
  public static int sealedMemory(byte[] content) throws CallException {
    int descriptor =
        (int) check("memfd_create", C.memfd_create("content", 3 /* CLOEXEC, ALLOW_SEALING */));
    try {
      writeAll(descriptor, content);
      check(
          "fcntl",
          C.fcntl(descriptor, 1033 /* F_ADD_SEALS */, 15L /* SEAL, SHRINK, GROW, WRITE */));
      check("lseek", C.lseek(descriptor, 0, 0));
      return descriptor;
    } catch (CallException failed) {
      close(descriptor);
      throw failed;
    }
  }

  /**
   * Opens a file below a folder as if that folder were the root: no link leads out of it
   * (openat2(2), RESOLVE_IN_ROOT).
   *
   * @param folder a folder whose own path is trusted
   * @param flags of open(2); close-on-exec is added
   */
  public static int openInside(Path folder, String path, int flags) throws CallException {
    int top = (int) check("open", C.open(folder.toString(), 0x200000 /* O_PATH */ | CLOEXEC, 0));
    try {
      byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
      Pointer text = Native.memory(name.length);
      text.put(0, name, 0, name.length);
      Pointer how = Native.memory(3 * Long.BYTES);
      how.putLong(0, flags | CLOEXEC);
      how.putLong(Long.BYTES, 0);
      how.putLong(2 * Long.BYTES, 0x10 | 0x02 /* RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS */);
      long result = C.syscall(437, top, text.address(), how.address(), 3 * Long.BYTES);
      return (int) check("openat2 '" + path + "'", result);
    } finally {
      close(top);
    }
  }

  /**
   * Takes pages of a mapped file out of this process' memory; the next access brings them back
   * (madvise(2), MADV_DONTNEED). Only for a mapping that is not writable and has no page of its
   * own, for that page would be lost.
   *
   * @param address the first byte, at the beginning of a page
   * @param length in bytes
   */
  public static void dropFilePages(long address, long length) throws CallException {
    check("madvise", C.madvise(address, length, 4 /* MADV_DONTNEED */));
  }

  /** Writes all, waiting as needed. */
  public static void writeAll(int descriptor, byte[] content) throws CallException {
    int done = 0;
    while (done < content.length) {
      byte[] rest = done == 0 ? content : Arrays.copyOfRange(content, done, content.length);
      done += (int) Math.max(0, retried("write", () -> C.write(descriptor, rest, rest.length)));
    }
  }

  /** Reads what is there, waiting for the first byte; 0 at the end. */
  public static int read(int descriptor, byte[] buffer, int length) throws CallException {
    return (int) retried("read", () -> C.read(descriptor, buffer, length));
  }

  /**
   * Writes what there is room for; for a descriptor that does not wait ({@link #doNotWait}).
   *
   * @return how many bytes were written, 0 when there is no room
   */
  public static int writeSome(int descriptor, byte[] content) throws CallException {
    long count = retried(() -> C.write(descriptor, content, content.length));
    return count < 0 && Native.errno() == EAGAIN ? 0 : (int) check("write", count);
  }

  /**
   * Waits until a descriptor is ready, or has hung up.
   *
   * @param events {@link #READABLE} or {@link #WRITABLE}
   * @param millis at most so long, -1 for ever
   * @return false when the time is over
   */
  public static boolean awaitReady(int descriptor, short events, int millis) throws CallException {
    Pointer set = Native.memory(POLL_BYTES);
    set.putInt(0, descriptor);
    set.putShort(Integer.BYTES, events);
    return poll(set, 1, millis) > 0;
  }

  /**
   * Waits until one of some descriptors is ready.
   *
   * @param set struct pollfd, 8 bytes each
   * @param millis at most so long, -1 for ever
   * @return the number that are ready; 0 when the time is over
   */
  public static int poll(Pointer set, int count, int millis) throws CallException {
    return (int) retried("poll", () -> C.poll(set, count, millis));
  }

  /** A descriptor that stands for a process (pidfd_open(2), close-on-exec). */
  public static int pidDescriptor(int pid) throws CallException {
    return (int) check("pidfd_open", C.syscall(434, pid, 0, 0, 0));
  }

  /** Sends a signal to the very process of a descriptor (pidfd_send_signal(2)). */
  public static void signal(int pidDescriptor, int signal) throws CallException {
    check("pidfd_send_signal", C.syscall(424, pidDescriptor, signal, 0, 0));
  }

  /**
   * Another descriptor of what stands behind a descriptor of another process (pidfd_getfd(2)): the
   * very same open file. Needs the right to trace that process.
   */
  public static int descriptorOf(int pidDescriptor, int number) throws CallException {
    return (int) check("pidfd_getfd", C.syscall(438, pidDescriptor, number, 0, 0));
  }

  /**
   * Says on which of the host's processors a thread may run (sched_setaffinity(2)).
   *
   * @param thread of any process, a thread id of the host
   * @param processors at least one that the host has; those that it has not are passed over
   */
  public static void affinity(int thread, BitSet processors) throws CallException {
    byte[] words = processors.toByteArray(); // little-endian, as the kernel's words are here
    int length = (words.length + Long.BYTES) / Long.BYTES * Long.BYTES; // whole words
    Pointer mask = Native.memory(length);
    mask.setMemory(0, length, (byte) 0);
    mask.put(0, words, 0, words.length);
    check("sched_setaffinity", C.sched_setaffinity(thread, length, mask));
  }

  /** What is done to the OFD lock of a whole file (fcntl(2), F_OFD_SETLK). */
  public enum FileLock {
    SHARED(0),
    EXCLUSIVE(1),
    NONE(2);

    private final short type;

    FileLock(int type) {
      this.type = (short) type;
    }
  }

  /**
   * Locks or unlocks an open file, whoever else holds descriptors of it.
   *
   * @return false when somebody else has a lock in the way
   */
  public static boolean lock(int descriptor, FileLock lock) throws CallException {
    Pointer words = Native.memory(32);
    words.putShort(0, lock.type);
    if (C.fcntl(descriptor, 37, words) == 0) {
      return true;
    }
    if (Native.errno() == Errno.EAGAIN) {
      return false;
    }
    throw new CallException("fcntl F_OFD_SETLK", Native.errno());
  }

  /**
   * Whether somebody else's lock, shared or not, lies on some bytes of an open file (fcntl(2),
   * F_OFD_GETLK).
   *
   * @param start the first byte
   * @param length number of bytes, at least 1
   */
  public static boolean isLocked(int descriptor, long start, long length) throws CallException {
    Pointer words = Native.memory(32);
    words.putShort(0, FileLock.EXCLUSIVE.type);
    words.putLong(8, start);
    words.putLong(16, length);
    check("fcntl F_OFD_GETLK", C.fcntl(descriptor, 36, words));
    return words.getShort(0) != FileLock.NONE.type;
  }

  /**
   * Opens a file as it is now; never waits for the other end of a fifo, never follows a symbolic
   * link as its last part.
   *
   * @param flags of open(2), beside close-on-exec
   */
  public static int open(Path path, int flags, int permissions) throws CallException {
    int all = flags | CLOEXEC | O_NONBLOCK | O_NOFOLLOW;
    return (int) retried("open '" + path + "'", () -> C.open(path.toString(), all, permissions));
  }

  /**
   * The version of the kernel's Landlock (landlock_create_ruleset(2)), 0 where it has none or has
   * it switched off.
   */
  public static int landlockVersion() {
    return (int) Math.max(0, C.syscall(444, 0, 0, 1, 0));
  }

  /**
   * Unmounts what is mounted last at a folder; who still uses it may go on (umount2(2),
   * MNT_DETACH).
   */
  public static void unmount(Path folder) throws CallException {
    check("umount2 '" + folder + "'", C.umount2(folder.toString(), 2));
  }

  /** Closes; a descriptor is gone whatever close(2) returns. */
  public static void close(int descriptor) {
    if (descriptor >= 0) {
      C.close(descriptor);
    }
  }

  private interface Call {
    long make();
  }

  private static long retried(String name, Call call) throws CallException {
    return check(name, retried(call));
  }

  private static long retried(Call call) {
    long result;
    do {
      result = call.make();
    } while (result < 0 && Native.errno() == EINTR);
    return result;
  }
}
