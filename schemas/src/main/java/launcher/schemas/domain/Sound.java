package launcher.schemas.domain;

/** {@code <sound>}: a sound card. */
public final class Sound extends Device {
  private Sound() {}
}
