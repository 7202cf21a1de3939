package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <kvm>}. */
public final class KvmFeatures extends ModelElement {
  @XmlElement private Features.@Nullable Flag hidden;

  @XmlElement(name = "hint-dedicated")
  private Features.@Nullable Flag hintDedicated;

  @XmlElement(name = "poll-control")
  private Features.@Nullable Flag pollControl;

  @XmlElement(name = "pv-ipi")
  private Features.@Nullable Flag pvIpi;

  @XmlElement(name = "dirty-ring")
  private @Nullable DirtyRing dirtyRing;

  private KvmFeatures() {}

  /** The hypervisor does not show itself. */
  public Optional<Features.Flag> hidden() {
    return Optional.ofNullable(hidden);
  }

  /** CPUs are the guest's own. */
  public Optional<Features.Flag> hintDedicated() {
    return Optional.ofNullable(hintDedicated);
  }

  /** The guest polls by itself. */
  public Optional<Features.Flag> pollControl() {
    return Optional.ofNullable(pollControl);
  }

  /** Paravirtual interrupts. */
  public Optional<Features.Flag> pvIpi() {
    return Optional.ofNullable(pvIpi);
  }

  /** How written pages are told. */
  public Optional<DirtyRing> dirtyRing() {
    return Optional.ofNullable(dirtyRing);
  }

  /** {@code <dirty-ring>}. */
  @XmlType(name = "KvmFeatures.DirtyRing")
  public static final class DirtyRing extends ModelElement {
    @XmlAttribute private @Nullable String state;
    @XmlAttribute private @Nullable String size;

    private DirtyRing() {}

    /** On or off. */
    public Optional<String> state() {
      return Optional.ofNullable(state);
    }

    /** Entries. */
    public OptionalLong size() {
      return Numbers.parse(size);
    }
  }
}
