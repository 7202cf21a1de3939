package launcher.drivers.qemu.host;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.QemuCapabilities;

/**
 * What the translation must know of the host: all of it data, nothing is looked up while a domain
 * is translated. Made from a {@link HostProfile} or by the engine.
 *
 * @param capabilities of the QEMU binary
 * @param arch of the host, in libvirt's names
 * @param firmware descriptors in order of precedence
 * @param settings of the launcher
 * @param hugepages mounts of hugetlbfs, the default size first
 * @param folders where guests' files lie
 * @param renderNode DRM node for accelerated displays, if there is one
 * @param resolveMachineAliases whether completion writes {@code pc-i440fx-10.0} for {@code pc}
 * @param nowSeconds time since 1970, for clocks that begin at a given one
 * @param pools storage pools
 * @param networks networks, where the tree does not say already what they are
 * @param random where invented identities come from
 */
public record QemuHost(
    QemuCapabilities capabilities,
    String arch,
    List<FirmwareDescriptor> firmware,
    Settings settings,
    List<HugepageMount> hugepages,
    StateFolders folders,
    Optional<String> renderNode,
    boolean resolveMachineAliases,
    long nowSeconds,
    StoragePools pools,
    DescribedNetworks networks,
    Randomness random) {
  /** Copies the collections. */
  public QemuHost {
    firmware = List.copyOf(firmware);
    hugepages = List.copyOf(hugepages);
  }

  /** Seconds that local time is ahead of UTC (setting {@code utcOffsetSeconds}). */
  public long utcOffsetSeconds() {
    return Long.parseLong(settings.text("utcOffsetSeconds").orElse("0"));
  }

  /** NUMA nodes of the host (setting {@code numaNodes}), such as {@code 0-3}. */
  public String numaNodes() {
    return settings.text("numaNodes").orElse("0");
  }

  /**
   * The device file that passes commands to a SCSI device of the host: setting {@code
   * scsi:scsi_host0:0:0:0}, or {@code scsiGeneric} for all.
   */
  public Optional<String> scsiGeneric(String adapter, int bus, int target, long unit) {
    return settings
        .text("scsi:" + adapter + ":" + bus + ":" + target + ":" + unit)
        .or(() -> settings.text("scsiGeneric"));
  }

  /** The same host with other settings. */
  public QemuHost with(Settings changed) {
    return new QemuHost(
        capabilities,
        arch,
        firmware,
        changed,
        hugepages,
        folders,
        renderNode,
        resolveMachineAliases,
        nowSeconds,
        pools,
        networks,
        random);
  }

  /**
   * A mount of hugetlbfs.
   *
   * @param sizeKib size of a page
   * @param path where it is mounted
   */
  public record HugepageMount(long sizeKib, String path) {}

  /**
   * Where guests' files lie; without a slash at the end.
   *
   * @param state lasting files of QEMU guests
   * @param nvram firmware variables
   * @param run sockets and other files of a running guest
   * @param logs logs
   * @param ofOneGuest whether {@code state} and {@code run} are one guest's alone: paths of sockets
   *     are short then, as the kernel demands (unix(7))
   */
  public record StateFolders(
      String state, String nvram, String run, String logs, boolean ofOneGuest) {
    /** The folders of all guests. */
    public StateFolders(String state, String nvram, String run, String logs) {
      this(state, nvram, run, logs, false);
    }

    /** The folder of one guest under {@code state}. */
    public String guest(String name) {
      return ofOneGuest ? state : state + "/domain--1-" + shortName(name);
    }

    /** The socket of the passt of one card. */
    public String passt(String name, String card) {
      return ofOneGuest
          ? run + "/passt/" + card
          : run + "/passt/-1-" + shortName(name) + "-" + card + ".socket";
    }

    /** The folder of one guest below a mount of hugetlbfs. */
    public String hugepages(String mount, String name) {
      String owner = run.replaceFirst("^(/var)?/run/", "");
      return mount + "/" + (owner.startsWith("/") ? "launcher/qemu" : owner) + idAndName(name);
    }

    /** The folder of one guest's memory in files. */
    public String memory(String name) {
      return state + "/ram" + idAndName(name);
    }

    private static String idAndName(String name) {
      return "/-1-" + shortName(name);
    }

    /** The folder of one guest's channel sockets. */
    public String channels(String name) {
      return run + "/channel/" + "domain--1-" + shortName(name);
    }

    // a file name must not be longer than the kernel takes in a socket's path
    private static String shortName(String name) {
      String safe = name.replace('/', '_');
      return safe.length() > 20 ? safe.substring(0, 20) : safe;
    }
  }

  /** Switches by name, see {@code docs/xml.md}. */
  public record Settings(Map<String, String> values) {
    /** Copies the map. */
    public Settings {
      values = Map.copyOf(values);
    }

    /** The same, with a value for a name that has none. */
    public Settings or(String name, String value) {
      Map<String, String> more = new HashMap<>(values);
      more.putIfAbsent(name, value);
      return new Settings(more);
    }

    /** A text. */
    public Optional<String> text(String name) {
      return Optional.ofNullable(values.get(name));
    }

    /** Whether a switch is on: {@code 1}, {@code true}, {@code yes} or {@code on}. */
    public boolean on(String name) {
      String value = values.getOrDefault(name, "");
      return value.equals("1") || value.equals("true") || value.equals("yes") || value.equals("on");
    }
  }
}
