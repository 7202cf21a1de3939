package launcher.schemas.domain;

/** {@code <nvram>} among the devices: where a pSeries guest's memory of settings is plugged in. */
public final class Nvram extends Device {
  private Nvram() {}
}
