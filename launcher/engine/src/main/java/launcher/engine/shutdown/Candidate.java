package launcher.engine.shutdown;

/**
 * A guest that runs when the host is about to stop.
 *
 * @param uuid its identity in the record
 * @param name as people know it
 * @param kind virtual machine or container
 * @param paused whether its processors stand still
 * @param persistent false for a guest without a definition
 * @param memoryKib how much it may have to write, in KiB
 * @param policy what its definition says
 */
public record Candidate(
    String uuid,
    String name,
    Kind kind,
    boolean paused,
    boolean persistent,
    long memoryKib,
    GuestPolicy policy) {
  /** What it is. */
  public enum Kind {
    VIRTUAL_MACHINE,
    CONTAINER
  }

  /** The same, paused or not. */
  Candidate paused(boolean value) {
    return new Candidate(uuid, name, kind, value, persistent, memoryKib, policy);
  }

  /** Only a defined virtual machine has a place for its saved memory. */
  public boolean canBeSaved() {
    return kind == Kind.VIRTUAL_MACHINE && persistent;
  }
}
