package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <devices>}: the lists of devices by kind, each in the order of the document. */
public final class Devices extends ModelElement {
  @XmlElement private @Nullable String emulator;

  @XmlElement(name = "disk")
  private final List<Disk> disks = new ArrayList<>();

  @XmlElement(name = "controller")
  private final List<Controller> controllers = new ArrayList<>();

  @XmlElement(name = "lease")
  private final List<Lease> leases = new ArrayList<>();

  @XmlElement(name = "filesystem")
  private final List<Filesystem> filesystems = new ArrayList<>();

  @XmlElement(name = "interface")
  private final List<Interface> interfaces = new ArrayList<>();

  @XmlElement(name = "smartcard")
  private final List<Smartcard> smartcards = new ArrayList<>();

  @XmlElement(name = "serial")
  private final List<Chardev> serials = new ArrayList<>();

  @XmlElement(name = "parallel")
  private final List<Chardev> parallels = new ArrayList<>();

  @XmlElement(name = "console")
  private final List<Chardev> consoles = new ArrayList<>();

  @XmlElement(name = "channel")
  private final List<Chardev> channels = new ArrayList<>();

  @XmlElement(name = "input")
  private final List<Input> inputs = new ArrayList<>();

  @XmlElement(name = "tpm")
  private final List<Tpm> tpms = new ArrayList<>();

  @XmlElement(name = "graphics")
  private final List<Graphics> graphics = new ArrayList<>();

  @XmlElement(name = "sound")
  private final List<Sound> sounds = new ArrayList<>();

  @XmlElement(name = "audio")
  private final List<Audio> audios = new ArrayList<>();

  @XmlElement(name = "video")
  private final List<Video> videos = new ArrayList<>();

  @XmlElement(name = "hostdev")
  private final List<Hostdev> hostdevs = new ArrayList<>();

  @XmlElement(name = "redirdev")
  private final List<Redirdev> redirdevs = new ArrayList<>();

  @XmlElement(name = "redirfilter")
  private final List<Redirfilter> redirfilters = new ArrayList<>();

  @XmlElement(name = "hub")
  private final List<Hub> hubs = new ArrayList<>();

  @XmlElement(name = "watchdog")
  private final List<Watchdog> watchdogs = new ArrayList<>();

  @XmlElement(name = "memballoon")
  private final List<Memballoon> memballoons = new ArrayList<>();

  @XmlElement(name = "rng")
  private final List<Rng> rngs = new ArrayList<>();

  @XmlElement(name = "nvram")
  private final List<Nvram> nvrams = new ArrayList<>();

  @XmlElement(name = "shmem")
  private final List<Shmem> shmems = new ArrayList<>();

  @XmlElement(name = "memory")
  private final List<MemoryDevice> memories = new ArrayList<>();

  @XmlElement(name = "iommu")
  private final List<Iommu> iommus = new ArrayList<>();

  @XmlElement(name = "vsock")
  private final List<Vsock> vsocks = new ArrayList<>();

  @XmlElement(name = "crypto")
  private final List<Crypto> cryptos = new ArrayList<>();

  @XmlElement(name = "pstore")
  private final List<Pstore> pstores = new ArrayList<>();

  @XmlElement(name = "panic")
  private final List<Panic> panics = new ArrayList<>();

  Devices() {}

  /** Path of the emulator's binary. */
  public Optional<String> emulator() {
    return Optional.ofNullable(emulator);
  }

  /** The {@code <disk>} elements. */
  public List<Disk> disks() {
    return List.copyOf(disks);
  }

  /** The {@code <controller>} elements. */
  public List<Controller> controllers() {
    return List.copyOf(controllers);
  }

  /** The {@code <lease>} elements. */
  public List<Lease> leases() {
    return List.copyOf(leases);
  }

  /** The {@code <filesystem>} elements. */
  public List<Filesystem> filesystems() {
    return List.copyOf(filesystems);
  }

  /** The {@code <interface>} elements. */
  public List<Interface> interfaces() {
    return List.copyOf(interfaces);
  }

  /** The {@code <smartcard>} elements. */
  public List<Smartcard> smartcards() {
    return List.copyOf(smartcards);
  }

  /** The {@code <serial>} elements. */
  public List<Chardev> serials() {
    return List.copyOf(serials);
  }

  /** The {@code <parallel>} elements. */
  public List<Chardev> parallels() {
    return List.copyOf(parallels);
  }

  /** The {@code <console>} elements. */
  public List<Chardev> consoles() {
    return List.copyOf(consoles);
  }

  /** The {@code <channel>} elements. */
  public List<Chardev> channels() {
    return List.copyOf(channels);
  }

  /** The {@code <input>} elements. */
  public List<Input> inputs() {
    return List.copyOf(inputs);
  }

  /** The {@code <tpm>} elements. */
  public List<Tpm> tpms() {
    return List.copyOf(tpms);
  }

  /** The {@code <graphics>} elements. */
  public List<Graphics> graphics() {
    return List.copyOf(graphics);
  }

  /** The {@code <sound>} elements. */
  public List<Sound> sounds() {
    return List.copyOf(sounds);
  }

  /** The {@code <audio>} elements. */
  public List<Audio> audios() {
    return List.copyOf(audios);
  }

  /** The {@code <video>} elements. */
  public List<Video> videos() {
    return List.copyOf(videos);
  }

  /** The {@code <hostdev>} elements. */
  public List<Hostdev> hostdevs() {
    return List.copyOf(hostdevs);
  }

  /** The {@code <redirdev>} elements. */
  public List<Redirdev> redirdevs() {
    return List.copyOf(redirdevs);
  }

  /** The {@code <redirfilter>} elements. */
  public List<Redirfilter> redirfilters() {
    return List.copyOf(redirfilters);
  }

  /** The {@code <hub>} elements. */
  public List<Hub> hubs() {
    return List.copyOf(hubs);
  }

  /** The {@code <watchdog>} elements. */
  public List<Watchdog> watchdogs() {
    return List.copyOf(watchdogs);
  }

  /** The {@code <memballoon>} elements. */
  public List<Memballoon> memballoons() {
    return List.copyOf(memballoons);
  }

  /** The {@code <rng>} elements. */
  public List<Rng> rngs() {
    return List.copyOf(rngs);
  }

  /** The {@code <nvram>} elements. */
  public List<Nvram> nvrams() {
    return List.copyOf(nvrams);
  }

  /** The {@code <shmem>} elements. */
  public List<Shmem> shmems() {
    return List.copyOf(shmems);
  }

  /** The {@code <memory>} elements. */
  public List<MemoryDevice> memories() {
    return List.copyOf(memories);
  }

  /** The {@code <iommu>} elements. */
  public List<Iommu> iommus() {
    return List.copyOf(iommus);
  }

  /** The {@code <vsock>} elements. */
  public List<Vsock> vsocks() {
    return List.copyOf(vsocks);
  }

  /** The {@code <crypto>} elements. */
  public List<Crypto> cryptos() {
    return List.copyOf(cryptos);
  }

  /** The {@code <pstore>} elements. */
  public List<Pstore> pstores() {
    return List.copyOf(pstores);
  }

  /** The {@code <panic>} elements. */
  public List<Panic> panics() {
    return List.copyOf(panics);
  }
}
