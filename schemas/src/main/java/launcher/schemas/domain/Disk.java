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

/** {@code <disk>}: a disk, CD-ROM or floppy drive. */
public final class Disk extends Device {
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable String device;
  @XmlAttribute private @Nullable String model;
  @XmlElement private @Nullable DiskDriver driver;
  @XmlElement private @Nullable SourceElement source;
  @XmlElement private @Nullable ImageElement backingStore;
  @XmlElement private @Nullable StorageAuth auth;
  @XmlElement private @Nullable Encryption encryption;
  @XmlElement private @Nullable DiskTarget target;
  @XmlElement private @Nullable DiskTuning iotune;

  @XmlElementWrapper(name = "throttlefilters")
  @XmlElement(name = "throttlefilter")
  private final List<ThrottleFilter> throttlefilters = new ArrayList<>();

  @XmlElement private @Nullable DiskGeometry geometry;
  @XmlElement private @Nullable BlockIo blockio;
  @XmlElement private @Nullable Presence readonly;
  @XmlElement private @Nullable Presence shareable;

  @XmlElement(name = "transient")
  private @Nullable TransientElement transientElement;

  @XmlElement private @Nullable String serial;
  @XmlElement private @Nullable String wwn;
  @XmlElement private @Nullable String vendor;
  @XmlElement private @Nullable String product;

  private Disk() {}

  /** What the guest sees. */
  public enum Kind {
    /** A hard disk. */
    DISK,
    /** A CD-ROM drive. */
    CDROM,
    /** A floppy drive. */
    FLOPPY,
    /** A SCSI device of the host whose commands are passed through. */
    LUN
  }

  /** What the guest sees. */
  public Kind kind() {
    return switch (device == null ? "disk" : device) {
      case "cdrom" -> Kind.CDROM;
      case "floppy" -> Kind.FLOPPY;
      case "lun" -> Kind.LUN;
      default -> Kind.DISK;
    };
  }

  /** {@code virtio-transitional} or {@code virtio-non-transitional}. */
  public Optional<String> model() {
    return Optional.ofNullable(model);
  }

  /** The uppermost image of the chain. */
  public Image image() {
    SourceElement from = source == null ? SourceElement.none() : source;
    return from.image(
        type == null ? "file" : type,
        driver == null ? "raw" : driver.format(),
        ImageElement.below(backingStore),
        driver == null ? OptionalLong.empty() : driver.metadataCacheBytes(),
        Optional.ofNullable(auth),
        Optional.ofNullable(encryption),
        element());
  }

  /** How it is driven, none where nothing is said. */
  public Optional<DiskDriver> driver() {
    return Optional.ofNullable(driver);
  }

  /** Name and bus in the guest. */
  public DiskTarget target() {
    if (target == null) {
      throw new IllegalStateException("disk without target: " + element());
    }
    return target;
  }

  /** Limits of its own. */
  public Optional<DiskTuning> tuning() {
    return Optional.ofNullable(iotune);
  }

  /** Groups of limits it shares, innermost first. */
  public List<String> throttleGroups() {
    return throttlefilters.stream().map(f -> f.group == null ? "" : f.group).toList();
  }

  /** Geometry for old guests. */
  public Optional<DiskGeometry> geometry() {
    return Optional.ofNullable(geometry);
  }

  /** Sizes of blocks. */
  public Optional<BlockIo> blockIo() {
    return Optional.ofNullable(blockio);
  }

  /** Whether the guest cannot write. */
  public boolean readOnly() {
    return readonly != null;
  }

  /** Whether several guests use it at once. */
  public boolean shareable() {
    return shareable != null;
  }

  /** Whether what the guest writes is thrown away when it stops. */
  public boolean isTransient() {
    return transientElement != null;
  }

  /** Whether several guests may use the image under a transient disk. */
  public boolean sharesBacking() {
    return transientElement != null && Toggle.isSet(transientElement.shareBacking);
  }

  /** Serial number. */
  public Optional<String> serial() {
    return Optional.ofNullable(serial);
  }

  /** World wide name, 16 hexadecimal digits. */
  public Optional<String> wwn() {
    return Optional.ofNullable(wwn);
  }

  /** SCSI vendor. */
  public Optional<String> vendor() {
    return Optional.ofNullable(vendor);
  }

  /** SCSI product. */
  public Optional<String> product() {
    return Optional.ofNullable(product);
  }

  static final class ThrottleFilter {
    @XmlAttribute private @Nullable String group;
  }

  static final class TransientElement {
    @XmlAttribute private @Nullable String shareBacking;
  }

  /** {@code <geometry>}. */
  public static final class DiskGeometry {
    @XmlAttribute private @Nullable Integer cyls;
    @XmlAttribute private @Nullable Integer heads;
    @XmlAttribute private @Nullable Integer secs;
    @XmlAttribute private @Nullable String trans;

    private DiskGeometry() {}

    /** Cylinders. */
    public int cylinders() {
      return cyls == null ? 0 : cyls;
    }

    /** Heads. */
    public int heads() {
      return heads == null ? 0 : heads;
    }

    /** Sectors. */
    public int sectors() {
      return secs == null ? 0 : secs;
    }

    /** {@code none}, {@code auto} or {@code lba}. */
    public Optional<String> translation() {
      return Optional.ofNullable(trans);
    }
  }

  /** {@code <blockio>}, in bytes. */
  public static final class BlockIo {
    @XmlAttribute(name = "logical_block_size")
    private @Nullable Integer logical;

    @XmlAttribute(name = "physical_block_size")
    private @Nullable Integer physical;

    @XmlAttribute(name = "discard_granularity")
    private @Nullable Long discard;

    private BlockIo() {}

    /** Size of a block as the guest addresses it; 0 is the usual one. */
    public int logical() {
      return logical == null ? 0 : logical;
    }

    /** Size of a block on the medium; 0 is the usual one. */
    public int physical() {
      return physical == null ? 0 : physical;
    }

    /** Size that discarded ranges are multiples of. */
    public OptionalLong discardGranularity() {
      return discard == null ? OptionalLong.empty() : OptionalLong.of(discard);
    }
  }

  /** {@code <target>}. */
  public static final class DiskTarget {
    @XmlAttribute private @Nullable String dev;
    @XmlAttribute private @Nullable String bus;
    @XmlAttribute private @Nullable String tray;
    @XmlAttribute private @Nullable String removable;

    @XmlAttribute(name = "rotation_rate")
    private @Nullable Integer rotationRate;

    private DiskTarget() {}

    /** {@code vda}, {@code sdb} … */
    public String name() {
      return dev == null ? "" : dev;
    }

    /** {@code virtio}, {@code scsi}, {@code ide} … */
    public String bus() {
      return bus == null ? "" : bus;
    }

    /** Whether the tray stands open. */
    public boolean trayOpen() {
      return "open".equals(tray);
    }

    /** Whether a USB or SCSI disk says that it can be taken out. */
    public Optional<Boolean> removable() {
      return Toggle.of(removable);
    }

    /** Turns a minute, 1 for no turning at all. */
    public OptionalInt rotationRate() {
      return rotationRate == null ? OptionalInt.empty() : OptionalInt.of(rotationRate);
    }
  }
}
