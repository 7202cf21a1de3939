package launcher.engine;

/**
 * How a guest is started.
 *
 * @param paused its processors do not run until {@link Guest#resume}
 * @param forceBoot a saved state is thrown away
 * @param bypassCache a saved state is read past the host's page cache
 * @param resetVariables its firmware's variables are made anew from their template
 */
public record StartOptions(
    boolean paused, boolean forceBoot, boolean bypassCache, boolean resetVariables) {
  /** Running; from its saved state if it has one. */
  public static final StartOptions DEFAULT = new StartOptions(false, false);

  /** Paused. */
  public static final StartOptions PAUSED = new StartOptions(true, false);

  /** A saved state is read as every file is. */
  public StartOptions(boolean paused, boolean forceBoot) {
    this(paused, forceBoot, false, false);
  }

  /** Firmware's variables stay as they are. */
  public StartOptions(boolean paused, boolean forceBoot, boolean bypassCache) {
    this(paused, forceBoot, bypassCache, false);
  }
}
