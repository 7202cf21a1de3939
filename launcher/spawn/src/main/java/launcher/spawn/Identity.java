package launcher.spawn;

import java.util.List;

/**
 * Whom a program runs as; real, effective and saved ids alike, with no way back.
 *
 * @param uid user id, 0 to 2^32-2
 * @param gid group id, 0 to 2^32-2
 * @param groups supplementary groups, exactly these; at most 65536
 */
public record Identity(long uid, long gid, List<Long> groups) {
  private static final long MAXIMUM = 0xffff_fffeL;

  public Identity {
    groups = List.copyOf(groups);
    check("user id", uid);
    check("group id", gid);
    groups.forEach(group -> check("group id", group));
    if (groups.size() > 65536) {
      throw new IllegalArgumentException(
          "At most 65536 supplementary groups, not " + groups.size());
    }
  }

  /** A user and a group, no supplementary groups. */
  public Identity(long uid, long gid) {
    this(uid, gid, List.of());
  }

  private static void check(String what, long id) {
    if (id < 0 || id > MAXIMUM) {
      throw new IllegalArgumentException("A " + what + " is 0 to " + MAXIMUM + ", not " + id);
    }
  }
}
