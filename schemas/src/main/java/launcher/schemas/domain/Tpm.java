package launcher.schemas.domain;

/** {@code <tpm>}: a trusted platform module. */
public final class Tpm extends Device {
  private Tpm() {}
}
