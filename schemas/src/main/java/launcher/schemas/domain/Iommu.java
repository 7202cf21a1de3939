package launcher.schemas.domain;

/** {@code <iommu>}: an IOMMU of the guest. */
public final class Iommu extends Device {
  private Iommu() {}
}
