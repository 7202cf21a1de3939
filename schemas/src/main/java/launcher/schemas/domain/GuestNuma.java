package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlTransient;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <numa>}. */
public final class GuestNuma extends ModelElement {
  @XmlElement(name = "cell")
  private final List<Cell> cells = new ArrayList<>();

  @XmlElement private @Nullable Interconnects interconnects;

  private GuestNuma() {}

  /** The nodes. */
  public List<Cell> cells() {
    return List.copyOf(cells);
  }

  /** Latencies and bandwidths. */
  public Optional<Interconnects> interconnects() {
    return Optional.ofNullable(interconnects);
  }

  /** {@code <cell>}. */
  @XmlType(name = "GuestNuma.Cell")
  public static final class Cell extends ModelElement {
    @XmlAttribute private @Nullable String id;
    @XmlAttribute private @Nullable String cpus;
    @XmlAttribute private @Nullable String memory;
    @XmlAttribute private @Nullable String memAccess;
    @XmlAttribute private @Nullable String discard;
    @XmlElement private @Nullable Distances distances;

    @XmlElement(name = "cache")
    private final List<NodeCache> caches = new ArrayList<>();

    private Cell() {}

    /** Number of the node. */
    public OptionalLong id() {
      return Numbers.parse(id);
    }

    /** CPUs in it. */
    public Optional<String> cpus() {
      return Optional.ofNullable(cpus);
    }

    /** In KiB, once completed. */
    public OptionalLong memory() {
      return Numbers.parse(memory);
    }

    /** Shared or private. */
    public Optional<String> memAccess() {
      return Optional.ofNullable(memAccess);
    }

    /** Yes or no. */
    public Optional<String> discard() {
      return Optional.ofNullable(discard);
    }

    /** To the other nodes. */
    public Optional<Distances> distances() {
      return Optional.ofNullable(distances);
    }

    /** Memory-side caches. */
    public List<NodeCache> caches() {
      return List.copyOf(caches);
    }
  }

  /** {@code <distances>}. */
  @XmlType(name = "GuestNuma.Distances")
  public static final class Distances extends ModelElement {
    @XmlElement(name = "sibling")
    private final List<Sibling> siblings = new ArrayList<>();

    private Distances() {}

    /** One node each. */
    public List<Sibling> siblings() {
      return List.copyOf(siblings);
    }
  }

  /** {@code <sibling>}. */
  @XmlType(name = "GuestNuma.Sibling")
  public static final class Sibling extends ModelElement {
    @XmlAttribute private @Nullable String id;
    @XmlAttribute private @Nullable String value;

    private Sibling() {}

    /** Number of the node. */
    public OptionalLong id() {
      return Numbers.parse(id);
    }

    /** Distance, 10 to itself. */
    public OptionalLong value() {
      return Numbers.parse(value);
    }
  }

  /** {@code <cache>} of a cell. */
  @XmlType(name = "GuestNuma.NodeCache")
  public static final class NodeCache extends ModelElement {
    @XmlAttribute private @Nullable String level;
    @XmlAttribute private @Nullable String associativity;
    @XmlAttribute private @Nullable String policy;
    @XmlElement private @Nullable CacheSize size;
    @XmlElement private @Nullable CacheLine line;

    private NodeCache() {}

    /** From 1. */
    public OptionalLong level() {
      return Numbers.parse(level);
    }

    /** None, direct or full. */
    public Optional<String> associativity() {
      return Optional.ofNullable(associativity);
    }

    /** None, writeback or writethrough. */
    public Optional<String> policy() {
      return Optional.ofNullable(policy);
    }

    /** How much it holds. */
    public Optional<CacheSize> size() {
      return Optional.ofNullable(size);
    }

    /** Length of a line. */
    public Optional<CacheLine> line() {
      return Optional.ofNullable(line);
    }
  }

  /** {@code <size>}. */
  @XmlType(name = "GuestNuma.CacheSize")
  public static final class CacheSize extends ModelElement {
    @XmlAttribute private @Nullable String value;
    @XmlAttribute private @Nullable String unit;

    private CacheSize() {}

    /** Amount. */
    public OptionalLong value() {
      return Numbers.parse(value);
    }

    /** Its unit. */
    public Optional<String> unit() {
      return Optional.ofNullable(unit);
    }
  }

  /** {@code <line>}. */
  @XmlType(name = "GuestNuma.CacheLine")
  public static final class CacheLine extends ModelElement {
    @XmlAttribute private @Nullable String value;
    @XmlAttribute private @Nullable String unit;

    private CacheLine() {}

    /** Amount. */
    public OptionalLong value() {
      return Numbers.parse(value);
    }

    /** Its unit. */
    public Optional<String> unit() {
      return Optional.ofNullable(unit);
    }
  }

  /** {@code <interconnects>}. */
  @XmlType(name = "GuestNuma.Interconnects")
  public static final class Interconnects extends ModelElement {
    @XmlElement(name = "latency")
    private final List<Latency> latencies = new ArrayList<>();

    @XmlElement(name = "bandwidth")
    private final List<Bandwidth> bandwidths = new ArrayList<>();

    private Interconnects() {}

    /** How long an access takes. */
    public List<Latency> latencies() {
      return List.copyOf(latencies);
    }

    /** How much goes through. */
    public List<Bandwidth> bandwidths() {
      return List.copyOf(bandwidths);
    }
  }

  /** What is said of an access: from where, to where, and which kind. */
  @XmlTransient
  public abstract static sealed class Access extends ModelElement permits Latency, Bandwidth {
    @XmlAttribute private @Nullable String initiator;
    @XmlAttribute private @Nullable String target;
    @XmlAttribute private @Nullable String cache;
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String value;

    private Access() {}

    /** Node that asks. */
    public OptionalLong initiator() {
      return Numbers.parse(initiator);
    }

    /** Node that answers. */
    public OptionalLong target() {
      return Numbers.parse(target);
    }

    /** Level of cache, 0 for memory. */
    public OptionalLong cache() {
      return Numbers.parse(cache);
    }

    /** Access, read or write. */
    public Optional<String> type() {
      return Optional.ofNullable(type);
    }

    /** Nanoseconds of a latency, an amount a second of a bandwidth. */
    public OptionalLong value() {
      return Numbers.parse(value);
    }
  }

  /** {@code <latency>}. */
  @XmlType(name = "GuestNuma.Latency")
  public static final class Latency extends Access {
    private Latency() {}
  }

  /** {@code <bandwidth>}. */
  @XmlType(name = "GuestNuma.Bandwidth")
  public static final class Bandwidth extends Access {
    @XmlAttribute private @Nullable String unit;

    private Bandwidth() {}

    /** Its unit. */
    public Optional<String> unit() {
      return Optional.ofNullable(unit);
    }
  }
}
