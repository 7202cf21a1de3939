package launcher.schemas.domain;

/** {@code <hub>}: a USB hub. */
public final class Hub extends Device {
  private Hub() {}
}
