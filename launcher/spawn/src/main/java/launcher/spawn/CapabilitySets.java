package launcher.spawn;

import java.util.Set;

/**
 * The five capability sets a program starts with, exactly (capabilities(7)).
 *
 * @param bounding what it could ever get back by executing a file
 * @param permitted what it may use
 * @param effective what is in force; within permitted
 * @param inheritable what a file's own inheritable set may add to
 * @param ambient what survives execve(2) without the file's help; within permitted and inheritable
 */
public record CapabilitySets(
    Set<Capability> bounding,
    Set<Capability> permitted,
    Set<Capability> effective,
    Set<Capability> inheritable,
    Set<Capability> ambient) {
  public CapabilitySets {
    bounding = Set.copyOf(bounding);
    permitted = Set.copyOf(permitted);
    effective = Set.copyOf(effective);
    inheritable = Set.copyOf(inheritable);
    ambient = Set.copyOf(ambient);
    if (!permitted.containsAll(effective)) {
      throw new IllegalArgumentException(
          "An effective capability is not permitted: " + effective + " in " + permitted);
    }
    if (!permitted.containsAll(ambient) || !inheritable.containsAll(ambient)) {
      throw new IllegalArgumentException(
          "An ambient capability must be permitted and inheritable: " + ambient);
    }
  }

  /** Not one capability, and none to be had. */
  public static CapabilitySets none() {
    return keep(Set.of());
  }

  /** These in all five sets: a program of any user has and keeps them. */
  public static CapabilitySets keep(Set<Capability> kept) {
    return new CapabilitySets(kept, kept, kept, kept, kept);
  }
}
