package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code <iommu>}: translates what devices see as the guest's memory. */
public final class Iommu extends Device {
  @XmlAttribute private @Nullable String model;
  @XmlElement private @Nullable Driver driver;

  private Iommu() {}

  /** {@code intel}, {@code amd}, {@code smmuv3} or {@code virtio}. */
  public String model() {
    return model == null ? "" : model;
  }

  /** Interrupt remapping. */
  public Optional<Boolean> intremap() {
    return driver == null ? Optional.empty() : Toggle.of(driver.intremap);
  }

  /** Caching mode, which assigned devices need. */
  public Optional<Boolean> cachingMode() {
    return driver == null ? Optional.empty() : Toggle.of(driver.cachingMode);
  }

  /** Extended interrupt mode, for more than 255 processors. */
  public Optional<Boolean> eim() {
    return driver == null ? Optional.empty() : Toggle.of(driver.eim);
  }

  /** A translation cache in the devices. */
  public Optional<Boolean> iotlb() {
    return driver == null ? Optional.empty() : Toggle.of(driver.iotlb);
  }

  /** Width of the addresses in bits. */
  public OptionalInt addressBits() {
    return driver == null || driver.awBits == null
        ? OptionalInt.empty()
        : OptionalInt.of(driver.awBits);
  }

  /** Whether memory accesses are translated at all. */
  public Optional<Boolean> dmaTranslation() {
    return driver == null ? Optional.empty() : Toggle.of(driver.dmaTranslation);
  }

  /** AMD: the x2apic mode. */
  public Optional<Boolean> xtsup() {
    return driver == null ? Optional.empty() : Toggle.of(driver.xtsup);
  }

  /** AMD: pass-through of untranslated accesses. */
  public Optional<Boolean> passthrough() {
    return driver == null ? Optional.empty() : Toggle.of(driver.passthrough);
  }

  @XmlType(name = "")
  private static final class Driver {
    @XmlAttribute private @Nullable String intremap;

    @XmlAttribute(name = "caching_mode")
    private @Nullable String cachingMode;

    @XmlAttribute private @Nullable String eim;
    @XmlAttribute private @Nullable String iotlb;

    @XmlAttribute(name = "aw_bits")
    private @Nullable Integer awBits;

    @XmlAttribute(name = "dma_translation")
    private @Nullable String dmaTranslation;

    @XmlAttribute private @Nullable String xtsup;
    @XmlAttribute private @Nullable String passthrough;
  }
}
