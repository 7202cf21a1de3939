package launcher.engine.disk;

import java.util.List;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;

/** What cannot be done with disks whose changes are thrown away at the guest's end. */
public final class TransientDisks {
  private TransientDisks() {}

  /**
   * Refuses an act of a guest that has such a disk: what it brings back would lack the disk's
   * changes.
   *
   * @param act what is not done, as in {@code is not saved}
   */
  public static void refuse(XmlElement domain, String act) {
    domain.child("devices").map(devices -> devices.children("disk")).stream()
        .flatMap(List::stream)
        .filter(disk -> disk.hasChild("transient"))
        .findFirst()
        .ifPresent(disk -> {
          throw new EngineException(
              Kind.INVALID,
              "guest '%s' %s: what its transient disk '%s' holds is thrown away at its end"
                  .formatted(domain.value("name", ""), act, disk.value("target/@dev", "")));
        });
  }

  /** Refuses a job on such a disk. */
  static void refuseJob(XmlElement disk, String guest) {
    if (disk.hasChild("transient")) {
      throw new EngineException(
          Kind.INVALID,
          "disk '%s' of guest '%s' is transient: its images cannot be changed"
              .formatted(disk.value("target/@dev", ""), guest));
    }
  }
}
