package launcher.schemas.domain;

/** {@code <disk>}: a disk, CD-ROM or floppy drive. */
public final class Disk extends Device {
  private Disk() {}
}
