package launcher.spawn;

import java.util.Map;

/** The kernel's reasons in words: those of strerror(3) in English, whatever the locale. */
public final class Errno {
  /** Operation not permitted. */
  public static final int EPERM = 1;

  /** No such file or directory. */
  public static final int ENOENT = 2;

  /** Interrupted system call. */
  public static final int EINTR = 4;

  /** Bad file descriptor. */
  public static final int EBADF = 9;

  /** Resource temporarily unavailable; a lock that somebody holds. */
  public static final int EAGAIN = 11;

  /** Permission denied. */
  public static final int EACCES = 13;

  /** Broken pipe. */
  public static final int EPIPE = 32;

  /** Function not implemented: the kernel lacks the call. */
  public static final int ENOSYS = 38;

  /** Read-only file system. */
  public static final int EROFS = 30;

  /** Too many levels of symbolic links; a link where none may be. */
  public static final int ELOOP = 40;

  /** Operation not supported. */
  public static final int EOPNOTSUPP = 95;

  /** Connection reset by peer. */
  public static final int ECONNRESET = 104;

  /** Connection timed out. */
  public static final int ETIMEDOUT = 110;

  private static final Map<Integer, String> WORDS =
      Map.ofEntries(
          Map.entry(1, "Operation not permitted"),
          Map.entry(2, "No such file or directory"),
          Map.entry(3, "No such process"),
          Map.entry(4, "Interrupted system call"),
          Map.entry(5, "Input/output error"),
          Map.entry(6, "No such device or address"),
          Map.entry(7, "Argument list too long"),
          Map.entry(8, "Exec format error"),
          Map.entry(9, "Bad file descriptor"),
          Map.entry(10, "No child processes"),
          Map.entry(11, "Resource temporarily unavailable"),
          Map.entry(12, "Cannot allocate memory"),
          Map.entry(13, "Permission denied"),
          Map.entry(14, "Bad address"),
          Map.entry(16, "Device or resource busy"),
          Map.entry(17, "File exists"),
          Map.entry(18, "Invalid cross-device link"),
          Map.entry(19, "No such device"),
          Map.entry(20, "Not a directory"),
          Map.entry(21, "Is a directory"),
          Map.entry(22, "Invalid argument"),
          Map.entry(23, "Too many open files in system"),
          Map.entry(24, "Too many open files"),
          Map.entry(25, "Inappropriate ioctl for device"),
          Map.entry(26, "Text file busy"),
          Map.entry(27, "File too large"),
          Map.entry(28, "No space left on device"),
          Map.entry(29, "Illegal seek"),
          Map.entry(30, "Read-only file system"),
          Map.entry(31, "Too many links"),
          Map.entry(32, "Broken pipe"),
          Map.entry(34, "Numerical result out of range"),
          Map.entry(36, "File name too long"),
          Map.entry(38, "Function not implemented"),
          Map.entry(39, "Directory not empty"),
          Map.entry(40, "Too many levels of symbolic links"),
          Map.entry(71, "Protocol error"),
          Map.entry(95, "Operation not supported"),
          Map.entry(104, "Connection reset by peer"),
          Map.entry(110, "Connection timed out"),
          Map.entry(111, "Connection refused"),
          Map.entry(116, "Stale file handle"),
          Map.entry(122, "Disk quota exceeded"));

  private Errno() {}

  /** The words of an errno of Linux; {@code Unknown error 999} for one without. */
  public static String text(int errno) {
    return WORDS.getOrDefault(errno, "Unknown error " + errno);
  }
}
