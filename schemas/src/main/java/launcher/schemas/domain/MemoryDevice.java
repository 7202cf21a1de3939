package launcher.schemas.domain;

/** {@code <memory>}: a memory module. */
public final class MemoryDevice extends Device {
  private MemoryDevice() {}
}
