package launcher.schemas.domain;

/** {@code <serial>}: a serial, parallel, console or channel device. */
public final class Chardev extends Device {
  private Chardev() {}
}
