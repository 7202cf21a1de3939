package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import jakarta.xml.bind.annotation.XmlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <cpu>}: the CPU that the guest sees. */
public final class Cpu extends ModelElement {
  @XmlAttribute private @Nullable String mode;
  @XmlAttribute private @Nullable String match;
  @XmlAttribute private @Nullable String check;
  @XmlAttribute private @Nullable String migratable;

  @XmlAttribute(name = "deprecated_features")
  private @Nullable String deprecatedFeatures;

  @XmlElement private @Nullable Model model;
  @XmlElement private @Nullable String vendor;
  @XmlElement private @Nullable Topology topology;
  @XmlElement private @Nullable Cache cache;
  @XmlElement private @Nullable MaxPhysAddr maxphysaddr;

  @XmlElement(name = "feature")
  private final List<Feature> features = new ArrayList<>();

  @XmlElement private @Nullable GuestNuma numa;

  private Cpu() {}

  /** Custom, host-model, host-passthrough or maximum. */
  public Optional<String> mode() {
    return Optional.ofNullable(mode);
  }

  /** Minimum, exact or strict. */
  public Optional<String> match() {
    return Optional.ofNullable(match);
  }

  /** None, partial or full. */
  public Optional<String> check() {
    return Optional.ofNullable(check);
  }

  /** On or off. */
  public Optional<String> migratable() {
    return Optional.ofNullable(migratable);
  }

  /** On or off. */
  public Optional<String> deprecatedFeatures() {
    return Optional.ofNullable(deprecatedFeatures);
  }

  /** Named model. */
  public Optional<Model> model() {
    return Optional.ofNullable(model);
  }

  /** Vendor the host must have. */
  public Optional<String> vendor() {
    return Optional.ofNullable(vendor);
  }

  /** Sockets, dies, cores, threads. */
  public Optional<Topology> topology() {
    return Optional.ofNullable(topology);
  }

  /** What the guest sees of caches. */
  public Optional<Cache> cache() {
    return Optional.ofNullable(cache);
  }

  /** Width of physical addresses. */
  public Optional<MaxPhysAddr> maxphysaddr() {
    return Optional.ofNullable(maxphysaddr);
  }

  /** Switches. */
  public List<Feature> features() {
    return List.copyOf(features);
  }

  /** Memory nodes. */
  public Optional<GuestNuma> numa() {
    return Optional.ofNullable(numa);
  }

  /** {@code <model>}. */
  @XmlType(name = "Cpu.Model")
  public static final class Model extends ModelElement {
    @XmlAttribute private @Nullable String fallback;

    @XmlAttribute(name = "vendor_id")
    private @Nullable String vendorId;

    @XmlValue private @Nullable String name;

    private Model() {}

    /** Allow or forbid. */
    public Optional<String> fallback() {
      return Optional.ofNullable(fallback);
    }

    /** Twelve letters of vendor. */
    public Optional<String> vendorId() {
      return Optional.ofNullable(vendorId);
    }

    /** Name of the model. */
    public String name() {
      return name == null ? "" : name;
    }
  }

  /** {@code <topology>}. */
  @XmlType(name = "Cpu.Topology")
  public static final class Topology extends ModelElement {
    @XmlAttribute private @Nullable String sockets;
    @XmlAttribute private @Nullable String dies;
    @XmlAttribute private @Nullable String clusters;
    @XmlAttribute private @Nullable String cores;
    @XmlAttribute private @Nullable String threads;

    private Topology() {}

    /** Packages. */
    public OptionalLong sockets() {
      return Numbers.parse(sockets);
    }

    /** Dies in a package. */
    public OptionalLong dies() {
      return Numbers.parse(dies);
    }

    /** Clusters in a die. */
    public OptionalLong clusters() {
      return Numbers.parse(clusters);
    }

    /** Cores in a cluster. */
    public OptionalLong cores() {
      return Numbers.parse(cores);
    }

    /** Threads in a core. */
    public OptionalLong threads() {
      return Numbers.parse(threads);
    }
  }

  /** {@code <cache>}. */
  @XmlType(name = "Cpu.Cache")
  public static final class Cache extends ModelElement {
    @XmlAttribute private @Nullable String level;
    @XmlAttribute private @Nullable String mode;

    private Cache() {}

    /** 1 to 3. */
    public OptionalLong level() {
      return Numbers.parse(level);
    }

    /** Emulate, passthrough or disable. */
    public Optional<String> mode() {
      return Optional.ofNullable(mode);
    }
  }

  /** {@code <maxphysaddr>}. */
  @XmlType(name = "Cpu.MaxPhysAddr")
  public static final class MaxPhysAddr extends ModelElement {
    @XmlAttribute private @Nullable String mode;
    @XmlAttribute private @Nullable String bits;
    @XmlAttribute private @Nullable String limit;

    private MaxPhysAddr() {}

    /** Passthrough or emulate. */
    public Optional<String> mode() {
      return Optional.ofNullable(mode);
    }

    /** Number of bits. */
    public OptionalLong bits() {
      return Numbers.parse(bits);
    }

    /** Most bits. */
    public OptionalLong limit() {
      return Numbers.parse(limit);
    }
  }

  /** {@code <feature>}. */
  @XmlType(name = "Cpu.Feature")
  public static final class Feature extends ModelElement {
    @XmlAttribute private @Nullable String policy;
    @XmlAttribute private @Nullable String name;

    private Feature() {}

    /** Force, require, optional, disable or forbid. */
    public Optional<String> policy() {
      return Optional.ofNullable(policy);
    }

    /** Libvirt's name. */
    public Optional<String> name() {
      return Optional.ofNullable(name);
    }
  }
}
