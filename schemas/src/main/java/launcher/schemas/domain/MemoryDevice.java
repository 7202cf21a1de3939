package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <memory>} among the devices: a module of memory. */
public final class MemoryDevice extends Device {
  @XmlAttribute private @Nullable String model;
  @XmlAttribute private @Nullable String access;
  @XmlAttribute private @Nullable String discard;
  @XmlElement private @Nullable String uuid;
  @XmlElement private @Nullable ModuleSource source;
  @XmlElement private @Nullable ModuleTarget target;

  private MemoryDevice() {}

  /** {@code dimm}, {@code nvdimm}, {@code virtio-pmem}, {@code virtio-mem} or {@code sgx-epc}. */
  public String model() {
    return model == null ? "" : model;
  }

  /** {@code shared} or {@code private}. */
  public Optional<String> access() {
    return Optional.ofNullable(access);
  }

  /** {@code yes} or {@code no}: whether its content is thrown away at the end. */
  public Optional<String> discard() {
    return Optional.ofNullable(discard);
  }

  /** UUID of an NVDIMM (pSeries). */
  public Optional<String> uuid() {
    return Optional.ofNullable(uuid);
  }

  /** Where the memory comes from. */
  public ModuleSource source() {
    return source == null ? new ModuleSource() : source;
  }

  /** What the guest sees. */
  public ModuleTarget target() {
    return target == null ? new ModuleTarget() : target;
  }

  /** {@code <source>}. */
  public static final class ModuleSource extends ModelElement {
    @XmlElement private @Nullable String nodemask;
    @XmlElement private @Nullable Scaled pagesize;
    @XmlElement private @Nullable String path;
    @XmlElement private @Nullable Scaled alignsize;
    @XmlElement private @Nullable Presence pmem;

    private ModuleSource() {}

    /** Host nodes it comes from. */
    public Optional<String> nodes() {
      return Optional.ofNullable(nodemask);
    }

    /** Size of its pages in bytes. */
    public OptionalLong pageBytes() {
      return pagesize == null ? OptionalLong.empty() : pagesize.bytes("KiB");
    }

    /** File that holds it. */
    public Optional<String> path() {
      return Optional.ofNullable(path);
    }

    /** Alignment of the mapping in bytes. */
    public OptionalLong alignBytes() {
      return alignsize == null ? OptionalLong.empty() : alignsize.bytes("KiB");
    }

    /** Whether the file is on persistent memory. */
    public boolean persistent() {
      return pmem != null;
    }
  }

  /** {@code <target>}. */
  public static final class ModuleTarget extends ModelElement {
    @XmlAttribute private @Nullable String dynamicMemslots;
    @XmlElement private @Nullable Scaled size;
    @XmlElement private @Nullable String node;
    @XmlElement private @Nullable Scaled block;
    @XmlElement private @Nullable Scaled requested;
    @XmlElement private @Nullable ModuleLabel label;
    @XmlElement private @Nullable Presence readonly;
    @XmlElement private @Nullable ModuleBase address;

    private ModuleTarget() {}

    /** Size in bytes. */
    public long bytes() {
      return size == null ? 0 : size.bytes("KiB").orElse(0);
    }

    /** The guest's NUMA node. */
    public OptionalLong node() {
      return Numbers.parse(node);
    }

    /** Bytes that are plugged at once (virtio-mem). */
    public OptionalLong blockBytes() {
      return block == null ? OptionalLong.empty() : block.bytes("KiB");
    }

    /** Bytes the guest is asked to use (virtio-mem). */
    public OptionalLong requestedBytes() {
      return requested == null ? OptionalLong.empty() : requested.bytes("KiB");
    }

    /** Size of the label area of an NVDIMM in bytes. */
    public OptionalLong labelBytes() {
      return label == null || label.size == null ? OptionalLong.empty() : label.size.bytes("KiB");
    }

    /** Whether the guest cannot write. */
    public boolean readOnly() {
      return readonly != null;
    }

    /** Address in the guest's memory. */
    public OptionalLong base() {
      return address == null ? OptionalLong.empty() : Numbers.parse(address.base);
    }

    /** Whether QEMU maps the memory piece by piece (virtio-mem). */
    public Optional<Boolean> dynamicSlots() {
      return Toggle.of(dynamicMemslots);
    }
  }

  static final class ModuleLabel {
    @XmlElement private @Nullable Scaled size;
  }

  static final class ModuleBase {
    @XmlAttribute private @Nullable String base;
  }
}
