package launcher.schemas.domain;

/** {@code <lease>}: a lock that the guest must hold. */
public final class Lease extends Device {
  private Lease() {}
}
