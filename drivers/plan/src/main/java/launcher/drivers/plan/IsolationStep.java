package launcher.drivers.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Steps that give a guest its files: what was there before is remembered beside the file, and comes
 * back when the last guest that uses it has ended.
 */
public sealed interface IsolationStep extends Step {
  /** The file, absolute and without symbolic links. */
  Path path();

  /** The UUID of the guest that uses it. */
  String user();

  @Override
  default String object() {
    return path().toString();
  }

  /** Gives the file an SELinux label. */
  record LabelFile(Path path, String label, String user) implements IsolationStep {
    @Override
    public String name() {
      return "label file";
    }

    @Override
    public String undo() {
      return "restore label";
    }
  }

  /** Makes the guest's user and group the owners of the file. */
  record OwnFile(Path path, long uid, long gid, String user) implements IsolationStep {
    @Override
    public String name() {
      return "change owner";
    }

    @Override
    public String undo() {
      return "restore owner";
    }
  }

  /**
   * Makes a control group that may open certain devices and no others (version 1, controller
   * devices).
   *
   * @param allowed in the kernel's words: {@code c 1:3 rw}
   */
  record LimitDevices(Path path, List<String> allowed, String user) implements IsolationStep {
    public LimitDevices {
      allowed = List.copyOf(allowed);
    }

    @Override
    public String name() {
      return "limit devices";
    }

    @Override
    public String undo() {
      return "remove control group";
    }
  }

  /**
   * Lets the guest's control group open one more device, which was not there when the plan was
   * made.
   *
   * @param path the device's node
   * @param group the control group
   */
  record AllowDevice(Path path, Path group, String user) implements IsolationStep {
    @Override
    public String name() {
      return "allow device";
    }

    @Override
    public String undo() {
      return "";
    }
  }

  /**
   * Makes sure that the process, which has been born and waits, may open certain devices and no
   * others wherever it has been moved to meanwhile: back into its group of version 1; by a program
   * of the kernel's on its group of version 2, which is systemd's scope for it or one that is made.
   *
   * @param path the group of version 1, or where version 2 is mounted
   * @param allowed in the words of version 1: {@code c 1:3 rw}
   * @param nodes more of them, which are there by now
   */
  record FilterDevices(Path path, List<String> allowed, String user, List<Path> nodes)
      implements IsolationStep {
    public FilterDevices {
      allowed = List.copyOf(allowed);
      nodes = List.copyOf(nodes);
    }

    @Override
    public String name() {
      return "filter devices";
    }

    @Override
    public String undo() {
      return "remove control group";
    }
  }

  /**
   * Limits what the process, which has been born and waits, may use of the host's memory,
   * processors and disks, by control groups of the guest's own.
   *
   * @param path where control groups are mounted
   * @param limits by virsh's words ({@code hard_limit}, {@code cpu_shares} …); memory in KiB, -1
   *     for none; times in microseconds, for the whole process
   * @param disks limits of single devices of the host, {@code WORD VALUE /dev/NODE}
   */
  record LimitUse(Path path, String user, Map<String, Long> limits, List<String> disks)
      implements IsolationStep {
    public LimitUse {
      limits = Map.copyOf(limits);
      disks = List.copyOf(disks);
    }

    @Override
    public String name() {
      return "limit use";
    }

    @Override
    public String object() {
      List<String> words = new ArrayList<>();
      new TreeMap<>(limits).forEach((word, value) -> words.add(word + " " + value));
      words.addAll(disks);
      return String.join(", ", words);
    }

    @Override
    public String undo() {
      return "remove control group";
    }
  }

  /**
   * Makes sure that the program has opened the very file that was checked, labelled and leased, and
   * not what took its name meanwhile; before the guest's first instruction.
   *
   * @param file device and inode it had, {@code device:inode}
   */
  record VerifyOpen(Path path, String file, String user) implements IsolationStep {
    @Override
    public String name() {
      return "verify image";
    }

    @Override
    public String undo() {
      return "";
    }
  }

  /**
   * Makes sure that no other process has, or is about to get, the categories of this guest's label,
   * whoever chose them at the same moment; before any file gets them. Of two that did, each has its
   * label before it looks, so that at least one sees the other.
   *
   * @param path where processes are told of
   * @param label what the guest's process is about to get
   * @param helpers pid files of the programs beside the guest, which have its categories too
   */
  record VerifyLabel(Path path, String label, String user, List<Path> helpers)
      implements IsolationStep {
    public VerifyLabel {
      helpers = List.copyOf(helpers);
    }

    @Override
    public String name() {
      return "verify label";
    }

    @Override
    public String object() {
      return label;
    }

    @Override
    public String undo() {
      return "";
    }
  }

  /**
   * Makes sure that no program of another daemon's uses a disk, whose leases are in other folders:
   * QEMU would refuse to share it, and not say with whom.
   *
   * @param shared whether others may write it too
   * @param disk what the user calls it
   */
  record CheckUnused(Path path, boolean shared, String user, String disk) implements IsolationStep {
    @Override
    public String object() {
      return disk;
    }

    @Override
    public String name() {
      return "lease disk";
    }

    @Override
    public String undo() {
      return "";
    }
  }

  /**
   * Makes sure that what the XML calls an image is one: a regular file, or a device where a device
   * is meant.
   */
  record CheckImage(Path path, boolean device, String user) implements IsolationStep {
    @Override
    public String name() {
      return "check image";
    }

    @Override
    public String undo() {
      return "";
    }
  }
}
