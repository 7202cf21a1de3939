package launcher.schemas.domain;

/** {@code <rng>}: a source of randomness. */
public final class Rng extends Device {
  private Rng() {}
}
