package launcher.schemas.domain;

/** {@code <audio>}: where sound goes on the host. */
public final class Audio extends Device {
  private Audio() {}
}
