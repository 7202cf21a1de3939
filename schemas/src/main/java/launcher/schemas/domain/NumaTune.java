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

/** {@code <numatune>}: which host nodes the memory is on. */
public final class NumaTune extends ModelElement {
  @XmlElement private @Nullable Memory memory;

  @XmlElement(name = "memnode")
  private final List<MemNode> memnodes = new ArrayList<>();

  private NumaTune() {}

  /** For the whole guest. */
  public Optional<Memory> memory() {
    return Optional.ofNullable(memory);
  }

  /** For one guest node. */
  public List<MemNode> memnodes() {
    return List.copyOf(memnodes);
  }

  /** {@code <memory>}. */
  @XmlType(name = "NumaTune.Memory")
  public static final class Memory extends ModelElement {
    @XmlAttribute private @Nullable String mode;
    @XmlAttribute private @Nullable String nodeset;
    @XmlAttribute private @Nullable String placement;

    private Memory() {}

    /** Strict, preferred, interleave or restrictive. */
    public Optional<String> mode() {
      return Optional.ofNullable(mode);
    }

    /** Host nodes. */
    public Optional<String> nodeset() {
      return Optional.ofNullable(nodeset);
    }

    /** Static or auto. */
    public Optional<String> placement() {
      return Optional.ofNullable(placement);
    }
  }

  /** {@code <memnode>}. */
  @XmlType(name = "NumaTune.MemNode")
  public static final class MemNode extends ModelElement {
    @XmlAttribute private @Nullable String cellid;
    @XmlAttribute private @Nullable String mode;
    @XmlAttribute private @Nullable String nodeset;

    private MemNode() {}

    /** Guest node. */
    public OptionalLong cellid() {
      return Numbers.parse(cellid);
    }

    /** Strict, preferred, interleave or restrictive. */
    public Optional<String> mode() {
      return Optional.ofNullable(mode);
    }

    /** Host nodes. */
    public Optional<String> nodeset() {
      return Optional.ofNullable(nodeset);
    }
  }
}
