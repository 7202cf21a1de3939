package launcher.schemas.domain;

/** {@code <graphics>}: a display for people. */
public final class Graphics extends Device {
  private Graphics() {}
}
