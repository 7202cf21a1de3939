package launcher.spawn;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import jnr.ffi.Pointer;
import launcher.spawn.libc.LibC;
import launcher.spawn.libc.Native;

/**
 * Starts the executor by posix_spawn(3), which is one clone(CLONE_VM|CLONE_VFORK): its cost does
 * not grow with the heap, and no code of ours runs in the child's copy of this process. Every
 * signal is blocked from before the clone until right before the program runs, so no handler of the
 * JVM ever runs in the child.
 */
final class PosixSpawn {
  private static final short POSIX_SPAWN_SETSIGMASK = 8;

  /**
   * sizeof posix_spawnattr_t and posix_spawn_file_actions_t of glibc are 336 and 80; musl's are
   * smaller.
   */
  private static final int ATTRIBUTES = 512;

  private static final int ACTIONS = 128;
  private static final int NUMBER = ACTIONS + 8;
  private static final int ARGV = NUMBER + 16;
  private static final LibC C = Native.libc();
  private static final Pointer ALL_SIGNALS_BLOCKED = attributes();
  private static final Pointer NO_ENVIRONMENT = Native.memory(8);

  private final List<Pointer> words;

  PosixSpawn(Path executor) {
    this(List.of(executor));
  }

  /** With words before the executor's: an emulator, for the executor of another architecture. */
  PosixSpawn(List<Path> command) {
    words = command.stream().map(word -> cString(word.toString())).toList();
  }

  private static Pointer attributes() {
    Pointer attributes = Native.memory(ATTRIBUTES);
    Pointer mask = Native.memory(128);
    for (int at = 0; at < 128; at++) {
      mask.putByte(at, (byte) 0xff);
    }
    C.posix_spawnattr_init(attributes);
    C.posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK);
    C.posix_spawnattr_setsigmask(attributes, mask);
    return attributes;
  }

  private static Pointer cString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Pointer pointer = Native.memory(bytes.length + 1);
    pointer.put(0, bytes, 0, bytes.length);
    return pointer;
  }

  /**
   * Starts the executor.
   *
   * @param control this process's number of the control socket's other end
   * @param inheritance which descriptors it gets at which numbers
   * @return its pid, or minus errno
   */
  int start(int control, Inheritance inheritance) {
    // One block of native memory: file actions, the pid, the number's text, argv.
    Pointer block = Native.memory(ARGV + 8 * (words.size() + 2));
    C.posix_spawn_file_actions_init(block);
    try {
      actions(block, control, inheritance);
      byte[] number = Integer.toString(inheritance.control()).getBytes(StandardCharsets.US_ASCII);
      block.put(NUMBER, number, 0, number.length);
      for (int at = 0; at < words.size(); at++) {
        block.putAddress(ARGV + 8L * at, words.get(at).address());
      }
      block.putAddress(ARGV + 8L * words.size(), block.address() + NUMBER);
      Pointer pid = block.slice(ACTIONS);
      Pointer arguments = block.slice(ARGV);
      int error =
          C.posix_spawn(
              pid, words.getFirst(), block, ALL_SIGNALS_BLOCKED, arguments, NO_ENVIRONMENT);
      return error == 0 ? pid.getInt(0) : -error;
    } finally {
      C.posix_spawn_file_actions_destroy(block);
    }
  }

  private static void actions(Pointer block, int control, Inheritance inheritance) {
    C.posix_spawn_file_actions_adddup2(block, control, inheritance.control());
    List<Integer> sources = inheritance.sources();
    for (int at = 0; at < sources.size(); at++) {
      C.posix_spawn_file_actions_adddup2(block, sources.get(at), inheritance.control() + 1 + at);
    }
  }
}
