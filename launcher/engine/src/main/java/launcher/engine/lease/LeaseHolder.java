package launcher.engine.lease;

/** A running guest, as far as leases go. */
public interface LeaseHolder {
  /** Its name, for the words of a refusal. */
  String guest();

  /** Its process. */
  int pid();

  /**
   * Hands an open descriptor over for its process to keep until it ends, whoever talks to it.
   *
   * @param name what it is asked back by
   */
  void keep(String name, int descriptor);

  /** Has it close a descriptor that it keeps; nothing happens when it keeps none of that name. */
  void drop(String name);
}
