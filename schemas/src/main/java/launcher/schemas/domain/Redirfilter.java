package launcher.schemas.domain;

/** {@code <redirfilter>}: which USB devices may be redirected. */
public final class Redirfilter extends Device {
  private Redirfilter() {}
}
