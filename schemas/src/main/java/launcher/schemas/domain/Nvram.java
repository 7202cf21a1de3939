package launcher.schemas.domain;

/** {@code <nvram>}: the variables of a pSeries guest. */
public final class Nvram extends Device {
  private Nvram() {}
}
