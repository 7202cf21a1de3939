package launcher.schemas.domain;

/** {@code <redirdev>}: a USB device redirected from afar. */
public final class Redirdev extends Device {
  private Redirdev() {}
}
