package launcher.drivers.plan;

import java.nio.file.Path;

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
   */
  record Listen(String descriptor, Path path, int permissions) implements DescriptorStep {
    public Listen {
      Modes.check(path, permissions);
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
