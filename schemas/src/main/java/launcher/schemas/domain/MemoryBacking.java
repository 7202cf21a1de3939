package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <memoryBacking>}: what guest memory is made of. */
public final class MemoryBacking extends ModelElement {
  @XmlElement private @Nullable Hugepages hugepages;
  @XmlElement private @Nullable Empty nosharepages;
  @XmlElement private @Nullable Empty locked;
  @XmlElement private @Nullable Source source;
  @XmlElement private @Nullable Access access;
  @XmlElement private @Nullable Allocation allocation;
  @XmlElement private @Nullable Empty discard;

  private MemoryBacking() {}

  /** Large pages. */
  public Optional<Hugepages> hugepages() {
    return Optional.ofNullable(hugepages);
  }

  /** No merging of equal pages. */
  public Optional<Empty> nosharepages() {
    return Optional.ofNullable(nosharepages);
  }

  /** Memory is never swapped. */
  public Optional<Empty> locked() {
    return Optional.ofNullable(locked);
  }

  /** File, anonymous or memfd. */
  public Optional<Source> source() {
    return Optional.ofNullable(source);
  }

  /** Shared or private. */
  public Optional<Access> access() {
    return Optional.ofNullable(access);
  }

  /** When it is allocated. */
  public Optional<Allocation> allocation() {
    return Optional.ofNullable(allocation);
  }

  /** Given up, not written, at the end. */
  public Optional<Empty> discard() {
    return Optional.ofNullable(discard);
  }

  /** an element that is there or not. */
  @XmlType(name = "MemoryBacking.Empty")
  public static final class Empty extends ModelElement {

    private Empty() {}
  }

  /** {@code <hugepages>}. */
  @XmlType(name = "MemoryBacking.Hugepages")
  public static final class Hugepages extends ModelElement {
    @XmlElement(name = "page")
    private final List<Page> pages = new ArrayList<>();

    private Hugepages() {}

    /** Sizes, and the nodes they are for. */
    public List<Page> pages() {
      return List.copyOf(pages);
    }
  }

  /** {@code <page>}. */
  @XmlType(name = "MemoryBacking.Page")
  public static final class Page extends ModelElement {
    @XmlAttribute private @Nullable String size;
    @XmlAttribute private @Nullable String unit;
    @XmlAttribute private @Nullable String nodeset;

    private Page() {}

    /** Amount. */
    public Optional<String> size() {
      return Optional.ofNullable(size);
    }

    /** Its unit. */
    public Optional<String> unit() {
      return Optional.ofNullable(unit);
    }

    /** Guest nodes. */
    public Optional<String> nodeset() {
      return Optional.ofNullable(nodeset);
    }
  }

  /** {@code <source>}. */
  @XmlType(name = "MemoryBacking.Source")
  public static final class Source extends ModelElement {
    @XmlAttribute private @Nullable String type;

    private Source() {}

    /** File, anonymous or memfd. */
    public Optional<String> type() {
      return Optional.ofNullable(type);
    }
  }

  /** {@code <access>}. */
  @XmlType(name = "MemoryBacking.Access")
  public static final class Access extends ModelElement {
    @XmlAttribute private @Nullable String mode;

    private Access() {}

    /** Shared or private. */
    public Optional<String> mode() {
      return Optional.ofNullable(mode);
    }
  }

  /** {@code <allocation>}. */
  @XmlType(name = "MemoryBacking.Allocation")
  public static final class Allocation extends ModelElement {
    @XmlAttribute private @Nullable String mode;
    @XmlAttribute private @Nullable String threads;

    private Allocation() {}

    /** Immediate or ondemand. */
    public Optional<String> mode() {
      return Optional.ofNullable(mode);
    }

    /** Threads that allocate. */
    public OptionalLong threads() {
      return Numbers.parse(threads);
    }
  }
}
