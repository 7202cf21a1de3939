package launcher.schemas.domain;

/** {@code <shmem>}: memory shared between guests. */
public final class Shmem extends Device {
  private Shmem() {}
}
