package launcher.spawn.libc;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Loads the C library once, without ever unpacking a library at run time in an installed tree. */
public final class Native {
  private static final String BOOT_PATH = "jffi.boot.library.path";

  private static final String STUB = "libjffi-1.2.so";

  private static final LibC LIBRARY = load();
  private static final Runtime RUNTIME = Runtime.getRuntime(LIBRARY);

  private Native() {}

  /** The calls. */
  public static LibC libc() {
    return LIBRARY;
  }

  /**
   * Why the last call of this thread failed (errno(3)); jnr keeps it per thread, right after each
   * call.
   */
  public static int errno() {
    return RUNTIME.getLastError();
  }

  /** Native memory, zeroed, freed with its owner. */
  public static Pointer memory(int bytes) {
    return Memory.allocateDirect(RUNTIME, bytes, true);
  }

  /** Where an address points. */
  public static Pointer at(long address) {
    return Pointer.wrap(RUNTIME, address);
  }

  /**
   * A file installed beside the jars: {@code lib/x.jar} finds {@code libexec/name}.
   *
   * @return empty when this class does not come from a jar, or there is no such file
   */
  public static Optional<Path> installed(String name) {
    Path file = installedFolder().resolve(name);
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  private static Path installedFolder() {
    try {
      Path jar = Path.of(Native.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return jar.resolve("../../libexec").toAbsolutePath().normalize();
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException("The place of this class has no path", impossible);
    }
  }

  /**
   * jffi would unpack its library into java.io.tmpdir, where a root process must not execute
   * anything (and noexec forbids it): the build installs the library beside the executor.
   */
  private static void useInstalledStub() {
    if (System.getProperty(BOOT_PATH) == null) {
      installed(STUB)
          .ifPresent(stub -> System.setProperty(BOOT_PATH, installedFolder().toString()));
    }
  }

  private static LibC load() {
    useInstalledStub();
    return LibraryLoader.create(LibC.class).load("c");
  }
}
