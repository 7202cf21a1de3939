package launcher.schemas.domain;

/** {@code <redirdev>}: a USB device that lives at the other end of a character device. */
public final class Redirdev extends CharDevice {
  private Redirdev() {}
}
