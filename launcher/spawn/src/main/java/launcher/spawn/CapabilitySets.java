package launcher.spawn;

import java.util.Set;

/**
 * The capabilities a program starts with: all five sets (bounding, permitted, effective,
 * inheritable, ambient; capabilities(7)) hold exactly these, so the program has them as any user,
 * and can never get another.
 *
 * @param kept what it may do; empty is nothing at all, as root too
 */
public record CapabilitySets(Set<Capability> kept) {
  public CapabilitySets {
    kept = Set.copyOf(kept);
  }

  /** Not one capability, and none to be had. */
  public static CapabilitySets none() {
    return new CapabilitySets(Set.of());
  }

  /** These. */
  public static CapabilitySets keep(Set<Capability> kept) {
    return new CapabilitySets(kept);
  }

  /** The kernel's bits. */
  long bits() {
    return kept.stream().mapToLong(Capability::bit).reduce(0, (bits, bit) -> bits | bit);
  }
}
