package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <hyperv>}. */
public final class Hyperv extends ModelElement {
  @XmlAttribute private @Nullable String mode;
  @XmlElement private Features.@Nullable Flag relaxed;
  @XmlElement private Features.@Nullable Flag vapic;
  @XmlElement private @Nullable Spinlocks spinlocks;
  @XmlElement private Features.@Nullable Flag vpindex;
  @XmlElement private Features.@Nullable Flag runtime;
  @XmlElement private Features.@Nullable Flag synic;
  @XmlElement private @Nullable Stimer stimer;
  @XmlElement private Features.@Nullable Flag reset;

  @XmlElement(name = "vendor_id")
  private @Nullable Vendor vendorId;

  @XmlElement private Features.@Nullable Flag frequencies;
  @XmlElement private Features.@Nullable Flag reenlightenment;
  @XmlElement private @Nullable Tlbflush tlbflush;
  @XmlElement private Features.@Nullable Flag ipi;
  @XmlElement private Features.@Nullable Flag evmcs;
  @XmlElement private Features.@Nullable Flag avic;

  @XmlElement(name = "emsr_bitmap")
  private Features.@Nullable Flag emsrBitmap;

  @XmlElement(name = "xmm_input")
  private Features.@Nullable Flag xmmInput;

  private Hyperv() {}

  /** Custom or passthrough. */
  public Optional<String> mode() {
    return Optional.ofNullable(mode);
  }

  /** Relaxed timing. */
  public Optional<Features.Flag> relaxed() {
    return Optional.ofNullable(relaxed);
  }

  /** Virtual APIC. */
  public Optional<Features.Flag> vapic() {
    return Optional.ofNullable(vapic);
  }

  /** Tries before it tells. */
  public Optional<Spinlocks> spinlocks() {
    return Optional.ofNullable(spinlocks);
  }

  /** Processor index. */
  public Optional<Features.Flag> vpindex() {
    return Optional.ofNullable(vpindex);
  }

  /** Run time. */
  public Optional<Features.Flag> runtime() {
    return Optional.ofNullable(runtime);
  }

  /** Synthetic interrupts. */
  public Optional<Features.Flag> synic() {
    return Optional.ofNullable(synic);
  }

  /** Synthetic timers. */
  public Optional<Stimer> stimer() {
    return Optional.ofNullable(stimer);
  }

  /** Reset register. */
  public Optional<Features.Flag> reset() {
    return Optional.ofNullable(reset);
  }

  /** Vendor. */
  public Optional<Vendor> vendorId() {
    return Optional.ofNullable(vendorId);
  }

  /** Frequency registers. */
  public Optional<Features.Flag> frequencies() {
    return Optional.ofNullable(frequencies);
  }

  /** Migration notification. */
  public Optional<Features.Flag> reenlightenment() {
    return Optional.ofNullable(reenlightenment);
  }

  /** Remote flush. */
  public Optional<Tlbflush> tlbflush() {
    return Optional.ofNullable(tlbflush);
  }

  /** Remote interrupts. */
  public Optional<Features.Flag> ipi() {
    return Optional.ofNullable(ipi);
  }

  /** Nested state. */
  public Optional<Features.Flag> evmcs() {
    return Optional.ofNullable(evmcs);
  }

  /** Virtual APIC of hardware. */
  public Optional<Features.Flag> avic() {
    return Optional.ofNullable(avic);
  }

  /** Nested registers. */
  public Optional<Features.Flag> emsrBitmap() {
    return Optional.ofNullable(emsrBitmap);
  }

  /** Fast calls. */
  public Optional<Features.Flag> xmmInput() {
    return Optional.ofNullable(xmmInput);
  }

  /** {@code <spinlocks>}. */
  @XmlType(name = "Hyperv.Spinlocks")
  public static final class Spinlocks extends ModelElement {
    @XmlAttribute private @Nullable String state;
    @XmlAttribute private @Nullable String retries;

    private Spinlocks() {}

    /** On or off. */
    public Optional<String> state() {
      return Optional.ofNullable(state);
    }

    /** How often. */
    public OptionalLong retries() {
      return Numbers.parse(retries);
    }
  }

  /** {@code <stimer>}. */
  @XmlType(name = "Hyperv.Stimer")
  public static final class Stimer extends ModelElement {
    @XmlAttribute private @Nullable String state;
    @XmlElement private Features.@Nullable Flag direct;

    private Stimer() {}

    /** On or off. */
    public Optional<String> state() {
      return Optional.ofNullable(state);
    }

    /** Direct mode. */
    public Optional<Features.Flag> direct() {
      return Optional.ofNullable(direct);
    }
  }

  /** {@code <tlbflush>}. */
  @XmlType(name = "Hyperv.Tlbflush")
  public static final class Tlbflush extends ModelElement {
    @XmlAttribute private @Nullable String state;
    @XmlElement private Features.@Nullable Flag direct;
    @XmlElement private Features.@Nullable Flag extended;

    private Tlbflush() {}

    /** On or off. */
    public Optional<String> state() {
      return Optional.ofNullable(state);
    }

    /** Direct mode. */
    public Optional<Features.Flag> direct() {
      return Optional.ofNullable(direct);
    }

    /** Extended ranges. */
    public Optional<Features.Flag> extended() {
      return Optional.ofNullable(extended);
    }
  }

  /** a switch with a value. */
  @XmlType(name = "Hyperv.Vendor")
  public static final class Vendor extends ModelElement {
    @XmlAttribute private @Nullable String state;
    @XmlAttribute private @Nullable String value;

    private Vendor() {}

    /** On or off. */
    public Optional<String> state() {
      return Optional.ofNullable(state);
    }

    /** The value. */
    public Optional<String> value() {
      return Optional.ofNullable(value);
    }
  }
}
