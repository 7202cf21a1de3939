package launcher.drivers.plan;

import java.nio.file.Path;
import java.util.List;

/** Steps that only containers need: their control groups, images, first process and links. */
public sealed interface ContainerStep extends Step {
  /**
   * A step that only looks whether a name of the host is free, for the command to take. Nothing is
   * taken back of it before the command may run, so that nobody else's is ever touched.
   */
  sealed interface Claim extends ContainerStep permits ControlGroup, HostEnd {}

  /**
   * Sees to it that no control group of that name is left from an earlier run, in any hierarchy.
   * Undone, it ends whatever still runs in the group and removes it, unless another container has
   * it by then.
   *
   * @param group below the launcher's own place in each hierarchy, without a leading slash
   * @param configuration the file that the container's monitor is begun with, and no other's
   */
  record ControlGroup(String group, Path configuration) implements Claim {
    public ControlGroup {
      if (group.isEmpty() || group.startsWith("/") || ("/" + group + "/").contains("/../")) {
        throw new IllegalArgumentException("'" + group + "' is not the name of a control group");
      }
    }

    @Override
    public String name() {
      return "clear control group";
    }

    @Override
    public String object() {
      return group;
    }

    @Override
    public String undo() {
      return "remove control group";
    }
  }

  /**
   * Mounts a file system image or a block device; its kind is found by mount(8).
   *
   * @param source a file, which gets a loop device, or a block device
   * @param folder where, made when absent
   * @param loop whether the source is a file
   */
  record MountImage(Path source, Path folder, boolean loop, boolean readOnly)
      implements ContainerStep {
    @Override
    public String name() {
      return "mount image";
    }

    @Override
    public String object() {
      return source.toString();
    }

    @Override
    public String undo() {
      return "unmount";
    }
  }

  /**
   * Sees to it that no link of that name is on the host. Undone, it removes the container's link:
   * the kernel does too, but takes its time after the container's end.
   *
   * @param after the highest number (ifindex) of a link of the host when the name was found free:
   *     the container's own has a higher one; 0 before that
   */
  record HostEnd(String device, int after) implements Claim {
    @Override
    public String name() {
      return "reserve link";
    }

    @Override
    public String object() {
      return device;
    }

    @Override
    public String undo() {
      return "remove link";
    }
  }

  /**
   * Waits until the container's first process runs.
   *
   * @param log where the program that starts it says why it does not
   */
  record AwaitInit(String init, Path log) implements ContainerStep {
    @Override
    public String name() {
      return "await init";
    }

    @Override
    public String object() {
      return init;
    }

    @Override
    public String undo() {
      return "";
    }
  }

  /**
   * Sets addresses and routes that the container's own configuration cannot say.
   *
   * @param inside whether in the container's network, else on the host
   * @param commands lines for ip(8)'s batch mode
   */
  record ConfigureLinks(boolean inside, List<String> commands) implements ContainerStep {
    public ConfigureLinks {
      commands = List.copyOf(commands);
    }

    @Override
    public String name() {
      return inside ? "configure links of the container" : "configure links of the host";
    }

    @Override
    public String object() {
      return String.join("; ", commands);
    }

    @Override
    public String undo() {
      // The links end with the container, and everything set on them with the links.
      return "";
    }
  }
}
