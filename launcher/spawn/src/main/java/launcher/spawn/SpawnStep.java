package launcher.spawn;

/**
 * The steps of a start, in the order they are taken; docs/start.md describes each. Steps from
 * READ_ORDERS on are taken by the executor, which reports them by number: the numbers are those of
 * {@code executor.h}.
 */
public enum SpawnStep {
  FIND_PROGRAM(1, "find program"),
  FIND_EXECUTOR(2, "find executor"),
  BIND_DESCRIPTORS(3, "bind descriptors"),
  CREATE_PIPES(4, "create pipes"),
  CREATE_PROCESS(5, "create process"),
  AWAIT_HANDSHAKE(7, "await handshake"),
  RUN(8, "run"),

  READ_ORDERS(20, "read orders"),
  PARENT_DEATH_SIGNAL(21, "set parent death signal"),
  NEW_SESSION(22, "new session"),
  OPEN_FILE(23, "open file"),
  PLACE_DESCRIPTORS(24, "place descriptors"),
  CHANGE_DIRECTORY(25, "change directory"),
  SET_LIMIT(26, "set limit"),
  SET_OOM_SCORE(27, "set out-of-memory score"),
  SET_SCHEDULING(28, "set scheduling"),
  SET_NICE(29, "set nice"),
  SET_AFFINITY(30, "set processors"),
  JOIN_CGROUP(31, "join cgroup"),
  PID_FILE(32, "pid file"),
  LEASE(33, "lease"),
  SET_LABEL(34, "set label"),
  LANDLOCK(35, "landlock"),
  DROP_BOUNDING(36, "drop bounding capabilities"),
  SET_GROUPS(37, "set groups"),
  SET_GID(38, "set gid"),
  SET_UID(39, "set uid"),
  SET_CAPABILITIES(40, "set capabilities"),
  NO_NEW_PRIVILEGES(41, "no new privileges"),
  VERIFY(42, "verify"),
  HANDSHAKE(43, "handshake"),
  EXECUTE(44, "execute"),
  SEND_DESCRIPTOR(45, "send descriptor"),
  REGISTER(46, "register");

  private final int number;
  private final String words;

  SpawnStep(int number, String words) {
    this.number = number;
    this.words = words;
  }

  /** The number the executor reports it by. */
  public int number() {
    return number;
  }

  /** {@code set gid}. */
  @Override
  public String toString() {
    return words;
  }

  /** The step of a number; a number unknown here is a broken executor and reads as READ_ORDERS. */
  static SpawnStep of(int number) {
    for (SpawnStep step : values()) {
      if (step.number == number) {
        return step;
      }
    }
    return READ_ORDERS;
  }
}
