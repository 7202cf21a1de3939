package launcher.schemas.domain;

/** {@code <filesystem>}: a folder of the host. */
public final class Filesystem extends Device {
  private Filesystem() {}
}
