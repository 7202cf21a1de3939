package launcher.schemas.domain;

/** {@code <video>}: a graphics card. */
public final class Video extends Device {
  private Video() {}
}
