package launcher.engine.network;

/** Which text of a network is meant. */
public enum NetworkText {
  /** The running one, else the defined one; completed. */
  CURRENT,
  /** The defined one, completed. */
  INACTIVE,
  /** The defined one, byte for byte as the user wrote it. */
  AS_WRITTEN
}
