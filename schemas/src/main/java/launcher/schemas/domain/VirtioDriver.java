package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <driver iommu= ats= packed= page_per_vq=>}: what every virtio device can be told. */
public class VirtioDriver extends ModelElement {
  @XmlAttribute private @Nullable String iommu;
  @XmlAttribute private @Nullable String ats;
  @XmlAttribute private @Nullable String packed;

  @XmlAttribute(name = "page_per_vq")
  private @Nullable String pagePerVq;

  /** For JAXB and for drivers that can be told more. */
  protected VirtioDriver() {}

  /** Whether the device's memory accesses go through the guest's IOMMU. */
  public final Optional<Boolean> iommu() {
    return Toggle.of(iommu);
  }

  /** Address translation services (PCIe). */
  public final Optional<Boolean> ats() {
    return Toggle.of(ats);
  }

  /** The packed layout of virtqueues. */
  public final Optional<Boolean> packed() {
    return Toggle.of(packed);
  }

  /** One page of notification registers a queue. */
  public final Optional<Boolean> pagePerVq() {
    return Toggle.of(pagePerVq);
  }
}
