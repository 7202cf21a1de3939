package launcher.schemas.domain;

/** {@code <pstore>}: storage for the last words of a kernel. */
public final class Pstore extends Device {
  private Pstore() {}
}
