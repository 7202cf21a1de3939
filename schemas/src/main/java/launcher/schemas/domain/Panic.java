package launcher.schemas.domain;

/** {@code <panic>}: a device that tells of a crash. */
public final class Panic extends Device {
  private Panic() {}
}
