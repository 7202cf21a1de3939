package launcher.engine.guest;

import launcher.engine.GuestState;

/** Told of a running guest's changes, in order, on a thread that may take its time. */
public interface RunListener {
  /** The run it hears of. */
  ActiveRun run();

  /** It is in another state. */
  void state(GuestState state);

  /** Something happened, see {@link launcher.engine.GuestEvent}. */
  void event(String kind, String detail);

  /**
   * Its process is about to end, or must be ended, for this reason.
   *
   * @param reason a reason of {@code shut off}: {@code shutdown}, {@code crashed} …
   */
  void leaving(String reason);
}
