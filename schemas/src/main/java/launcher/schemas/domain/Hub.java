package launcher.schemas.domain;

/** {@code <hub type="usb">}: a USB hub. */
public final class Hub extends Device {
  private Hub() {}
}
