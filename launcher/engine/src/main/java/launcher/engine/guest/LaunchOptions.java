package launcher.engine.guest;

/**
 * How a guest begins.
 *
 * @param paused its processors do not run at first
 * @param incoming it waits for the state of a saved guest
 */
public record LaunchOptions(boolean paused, boolean incoming) {
  /** From its boot, running. */
  public static final LaunchOptions BOOT = new LaunchOptions(false, false);
}
