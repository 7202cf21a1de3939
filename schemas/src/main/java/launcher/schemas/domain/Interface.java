package launcher.schemas.domain;

/** {@code <interface>}: a network card. */
public final class Interface extends Device {
  private Interface() {}
}
