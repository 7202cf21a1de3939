package launcher.engine;

/** Which text of a guest. */
public enum XmlView {
  /** What runs; the definition when it does not run. */
  LIVE,
  /** The completed definition. */
  INACTIVE,
  /** The user's own text, byte for byte. */
  AS_WRITTEN
}
