package launcher.engine;

/**
 * How a guest is started.
 *
 * @param paused its processors do not run until {@link Guest#resume}
 * @param forceBoot a saved state is thrown away
 */
public record StartOptions(boolean paused, boolean forceBoot) {
  /** Running; from its saved state if it has one. */
  public static final StartOptions DEFAULT = new StartOptions(false, false);

  /** Paused. */
  public static final StartOptions PAUSED = new StartOptions(true, false);
}
