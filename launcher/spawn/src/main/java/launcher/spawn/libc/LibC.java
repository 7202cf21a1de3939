package launcher.spawn.libc;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * Calls of the C library for which jnr-posix has no binding, or none that keeps errno and its
 * flags, or that the daemon needs before its first answer: loading jnr-posix costs a tenth of a
 * second of a processor. A failing call returns -1 and {@link Native#errno()} says why; the
 * posix_spawn family returns the errno itself. Descriptors are born close-on-exec.
 */
public interface LibC {
  /** close(2). */
  int close(int descriptor);

  /** dup2(2). */
  int dup2(int descriptor, int number);

  /** umask(2); cannot fail. */
  int umask(int mask);

  /** setsid(2). */
  int setsid();

  /** read(2). */
  long read(int descriptor, @Out byte[] buffer, long length);

  /** write(2). */
  long write(int descriptor, @In byte[] buffer, long length);

  /** write(2) from native memory. */
  long write(int descriptor, @In Pointer buffer, long length);

  /** lseek(2). */
  long lseek(int descriptor, long offset, int whence);

  /** send(2). */
  long send(int descriptor, @In byte[] buffer, long length, int flags);

  /** shutdown(2). */
  int shutdown(int descriptor, int how);

  /** socket(2). */
  int socket(int domain, int type, int protocol);

  /** bind(2). */
  int bind(int descriptor, @In Pointer address, int length);

  /** listen(2). */
  int listen(int descriptor, int backlog);

  /** getsockopt(2); {@code length} is an int, the room before and the size after. */
  int getsockopt(
      int descriptor, int level, int option, @Out Pointer value, @In @Out Pointer length);

  /** socketpair(2). */
  int socketpair(int domain, int type, int protocol, @Out int[] pair);

  /** pipe2(2). */
  int pipe2(@Out int[] pair, int flags);

  /** fcntl(2) with a number. */
  int fcntl(int descriptor, int command, long argument);

  /** fcntl(2) with a structure. */
  int fcntl(int descriptor, int command, @In @Out Pointer argument);

  /** ioctl(2) with a structure. */
  int ioctl(int descriptor, long request, @In @Out Pointer argument);

  /** open(2). */
  int open(@In String path, int flags, int mode);

  /** fchownat(2). */
  int fchownat(int directory, @In String path, int owner, int group, int flags);

  /** getxattr(2). */
  long getxattr(@In String path, @In String name, @Out byte[] value, long size);

  /** setxattr(2). */
  int setxattr(@In String path, @In String name, @In byte[] value, long size, int flags);

  /** removexattr(2). */
  int removexattr(@In String path, @In String name);

  /** umount2(2). */
  int umount2(@In String folder, int flags);

  /** madvise(2); the address as a number, for memory that is not Java's. */
  int madvise(long address, long length, int advice);

  /** memfd_create(2). */
  int memfd_create(@In String name, int flags);

  /**
   * poll(2); {@code descriptors} is an array of struct pollfd, {@code timeout} in milliseconds, -1
   * for ever.
   */
  int poll(@In @Out Pointer descriptors, long count, int timeout);

  /** sched_setaffinity(2); {@code length} of the mask in bytes. */
  int sched_setaffinity(int thread, long length, @In Pointer mask);

  /** kill(2). */
  int kill(int pid, int signal);

  /** waitid(2). */
  int waitid(int idType, int id, @Out Pointer information, int options);

  /** syscall(2); the arguments are C's longs. */
  long syscall(long number, long first, long second, long third, long fourth);

  /** sigaction(2). */
  int sigaction(int signal, @In Pointer action, @Out Pointer old);

  /** execve(2). */
  int execve(@In Pointer path, @In Pointer arguments, @In Pointer environment);

  /** posix_spawn(3). */
  int posix_spawn(
      @Out Pointer pid,
      @In Pointer path,
      @In Pointer fileActions,
      @In Pointer attributes,
      @In Pointer arguments,
      @In Pointer environment);

  /** posix_spawn_file_actions_init(3). */
  int posix_spawn_file_actions_init(Pointer actions);

  /** posix_spawn_file_actions_adddup2(3). */
  int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

  /** posix_spawn_file_actions_destroy(3). */
  int posix_spawn_file_actions_destroy(Pointer actions);

  /** posix_spawnattr_init(3). */
  int posix_spawnattr_init(Pointer attributes);

  /** posix_spawnattr_setflags(3). */
  int posix_spawnattr_setflags(Pointer attributes, short flags);

  /** posix_spawnattr_setsigmask(3). */
  int posix_spawnattr_setsigmask(Pointer attributes, @In Pointer mask);
}
