package launcher.schemas.domain;

/** {@code <memballoon>}: memory that the host can take back. */
public final class Memballoon extends Device {
  private Memballoon() {}
}
