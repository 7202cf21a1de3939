package launcher.engine;

import launcher.engine.EngineException.Kind;

/**
 * What a change reaches, as virsh's {@code --live} and {@code --config} say it.
 *
 * @param live the running guest
 * @param config the definition, from which the next start is made
 */
public record Scope(boolean live, boolean config) {
  /** The running guest if there is one, else the definition: virsh's {@code --current}. */
  public static Scope current(Guest guest) {
    boolean active = guest.state().active();
    return new Scope(active, !active);
  }

  /** The definition, and the guest if it runs: virsh's {@code --persistent}. */
  public static Scope persistent(Guest guest) {
    return new Scope(guest.state().active(), true);
  }

  /**
   * Refuses what this guest has not.
   *
   * @throws EngineException when it does not run, or has no definition
   */
  public void check(Guest guest) {
    if (live && !guest.state().active()) {
      throw new EngineException(
          Kind.WRONG_STATE, "guest '" + guest.name() + "' is not running: change its definition");
    }
    if (config && !guest.persistent()) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '" + guest.name() + "' is transient and has no definition to change");
    }
  }
}
