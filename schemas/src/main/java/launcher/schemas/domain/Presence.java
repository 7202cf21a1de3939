package launcher.schemas.domain;

/** The raw form of an element that says something by being there. */
final class Presence {
  private Presence() {}
}
