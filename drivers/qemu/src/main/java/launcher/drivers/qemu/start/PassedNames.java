package launcher.drivers.qemu.start;

import java.nio.file.Path;
import java.util.Optional;
import launcher.spawn.Descriptor;

/**
 * What the names of passed descriptors mean: {@code listen PATH} is a listening socket, {@code
 * append PATH}, {@code truncate PATH} and {@code open PATH} are files that the executor opens; any
 * other name is provided by a step of the plan.
 */
final class PassedNames {
  private static final int OWNER_ONLY = 0600;

  private PassedNames() {}

  /** The path of a socket that listens. */
  static Optional<Path> listening(String name) {
    return after("listen ", name);
  }

  /** What stands behind a name. */
  static Descriptor descriptor(String name) {
    return after("append ", name)
        .map(path -> file(path, Descriptor.Access.APPEND, false))
        .or(() -> after("truncate ", name).map(path -> file(path, Descriptor.Access.WRITE, true)))
        .or(() ->
            after("open ", name)
                .map(path -> new Descriptor.OpenFile(path, Descriptor.Access.READ_WRITE)))
        .or(() -> vhost(name))
        .<Descriptor>map(file -> file)
        .orElseGet(() -> new Descriptor.Named(name));
  }

  private static Optional<Descriptor.OpenFile> vhost(String name) {
    return name.startsWith("vhost ")
        ? Optional.of(
            new Descriptor.OpenFile(Path.of(QemuDriver.VHOST_NET), Descriptor.Access.READ_WRITE))
        : Optional.empty();
  }

  private static Descriptor.OpenFile file(Path path, Descriptor.Access access, boolean truncate) {
    return new Descriptor.OpenFile(path, access, true, truncate, OWNER_ONLY);
  }

  private static Optional<Path> after(String prefix, String name) {
    return name.startsWith(prefix)
        ? Optional.of(Path.of(name.substring(prefix.length())))
        : Optional.empty();
  }
}
