package launcher.drivers.plan;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Steps that open a descriptor for the command: the plan runner binds it by its name ({@link
 * launcher.spawn.Descriptor.Named}) and closes its own copy when the process has it.
 */
public sealed interface DescriptorStep extends Step {
  /** The name the command knows it by. */
  String descriptor();

  /**
   * Makes a Unix socket that listens, so that whoever connects needs no retry.
   *
   * @param path absolute; at most 107 bytes, the kernel's limit (unix(7))
   * @param permissions of the socket
   * @param label where SELinux is on
   */
  record Listen(String descriptor, Path path, int permissions, Optional<SocketLabel> label)
      implements DescriptorStep {
    public Listen {
      Modes.check(path, permissions);
    }

    public Listen(String descriptor, Path path, int permissions) {
      this(descriptor, path, permissions, Optional.empty());
    }

    /** The same socket with labels. */
    public Listen labelled(SocketLabel chosen) {
      return new Listen(descriptor, path, permissions, Optional.of(chosen));
    }

    @Override
    public String name() {
      return "listen";
    }

    @Override
    public String object() {
      return path.toString();
    }

    @Override
    public String undo() {
      return "remove socket";
    }
  }
}
