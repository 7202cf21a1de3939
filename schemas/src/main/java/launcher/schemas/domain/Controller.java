package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlElementWrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code <controller>}: a bus that devices are plugged into. */
public final class Controller extends Device {
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable Integer index;
  @XmlAttribute private @Nullable String model;
  @XmlAttribute private @Nullable Integer ports;
  @XmlAttribute private @Nullable Integer vectors;

  @XmlElement(name = "model")
  private @Nullable ModelName modelName;

  @XmlElement private @Nullable Master master;
  @XmlElement private @Nullable ControllerDriver driver;
  @XmlElement private @Nullable ControllerTarget target;
  @XmlElement private @Nullable Scaled pcihole64;

  private Controller() {}

  /** {@code pci}, {@code usb}, {@code scsi} … */
  public String type() {
    return type == null ? "" : type;
  }

  /** Number among those of the same type. */
  public int index() {
    return index == null ? 0 : index;
  }

  /** The model in the XML's terms; empty text for none. */
  public String model() {
    return model == null ? "" : model;
  }

  /** Name of QEMU's device for a PCI controller. */
  public Optional<String> deviceName() {
    return modelName == null ? Optional.empty() : Optional.ofNullable(modelName.name);
  }

  /** First port that the companion of a USB 2 controller serves. */
  public OptionalInt startPort() {
    return master == null || master.startport == null
        ? OptionalInt.empty()
        : OptionalInt.of(master.startport);
  }

  /** Number of ports. */
  public OptionalInt ports() {
    return ports == null ? OptionalInt.empty() : OptionalInt.of(ports);
  }

  /** Interrupt vectors of a virtio-serial controller. */
  public OptionalInt vectors() {
    return vectors == null ? OptionalInt.empty() : OptionalInt.of(vectors);
  }

  /** How a virtio controller is driven. */
  public Optional<ControllerDriver> driver() {
    return Optional.ofNullable(driver);
  }

  /** What a PCI controller is told. */
  public Optional<ControllerTarget> target() {
    return Optional.ofNullable(target);
  }

  /** Size of the 64-bit PCI hole in KiB. */
  public OptionalLong pciHoleKib() {
    OptionalLong bytes = pcihole64 == null ? OptionalLong.empty() : pcihole64.bytes("KiB");
    return bytes.isPresent() ? OptionalLong.of(bytes.getAsLong() / 1024) : bytes;
  }

  static final class ModelName {
    @XmlAttribute private @Nullable String name;
  }

  static final class Master {
    @XmlAttribute private @Nullable Integer startport;
  }

  /** {@code <driver>} of a virtio controller. */
  public static final class ControllerDriver extends VirtioDriver {
    @XmlAttribute private @Nullable Integer queues;

    @XmlAttribute(name = "cmd_per_lun")
    private @Nullable Integer commandsPerLun;

    @XmlAttribute(name = "max_sectors")
    private @Nullable Integer maxSectors;

    @XmlAttribute private @Nullable String ioeventfd;
    @XmlAttribute private @Nullable Integer iothread;

    @XmlElementWrapper(name = "iothreads")
    @XmlElement(name = "iothread")
    private final List<IoThreadQueues> iothreads = new ArrayList<>();

    private ControllerDriver() {}

    /** Number of virtqueues. */
    public OptionalInt queues() {
      return queues == null ? OptionalInt.empty() : OptionalInt.of(queues);
    }

    /** Commands that may be under way for one unit. */
    public OptionalInt commandsPerLun() {
      return commandsPerLun == null ? OptionalInt.empty() : OptionalInt.of(commandsPerLun);
    }

    /** Longest transfer, in sectors. */
    public OptionalInt maxSectors() {
      return maxSectors == null ? OptionalInt.empty() : OptionalInt.of(maxSectors);
    }

    /** Whether notifications go by way of an event descriptor. */
    public Optional<Boolean> ioeventfd() {
      return Toggle.of(ioeventfd);
    }

    /** The iothread that serves it. */
    public OptionalInt iothread() {
      return iothread == null ? OptionalInt.empty() : OptionalInt.of(iothread);
    }

    /** The iothreads that serve its queues. */
    public List<IoThreadQueues> iothreads() {
      return List.copyOf(iothreads);
    }
  }

  /** {@code <target>} of a PCI controller. */
  public static final class ControllerTarget {
    @XmlAttribute private @Nullable String chassisNr;
    @XmlAttribute private @Nullable String chassis;
    @XmlAttribute private @Nullable String port;
    @XmlAttribute private @Nullable String busNr;
    @XmlAttribute private @Nullable String index;
    @XmlAttribute private @Nullable String hotplug;
    @XmlAttribute private @Nullable String memReserve;
    @XmlElement private @Nullable String node;

    private ControllerTarget() {}

    /** Chassis number of a bridge. */
    public OptionalLong chassisNumber() {
      return Numbers.parse(chassisNr);
    }

    /** Chassis of a port. */
    public OptionalLong chassis() {
      return Numbers.parse(chassis);
    }

    /** Number of a port in its chassis. */
    public OptionalLong port() {
      return Numbers.parse(port);
    }

    /** First bus number of an expander bus. */
    public OptionalLong busNumber() {
      return Numbers.parse(busNr);
    }

    /** Number of a pSeries host bridge. */
    public OptionalLong index() {
      return Numbers.parse(index);
    }

    /** Whether devices can be plugged in while the guest runs. */
    public Optional<Boolean> hotplug() {
      return Toggle.of(hotplug);
    }

    /** Memory window kept for devices plugged in later, in KiB. */
    public OptionalLong memoryReserveKib() {
      return Numbers.parse(memReserve);
    }

    /** NUMA node of the guest that the bus belongs to. */
    public OptionalLong node() {
      return Numbers.parse(node);
    }
  }
}
