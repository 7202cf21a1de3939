package launcher.spawn;

/** An executor at the handshake. */
final class RealHeldChild implements HeldChild {
  private final Birth birth;
  private final int pid;
  private boolean over;

  RealHeldChild(Birth birth) {
    this.birth = birth;
    pid = birth.pid();
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public CommandSpec command() {
    return birth.command();
  }

  @Override
  public synchronized Child go() {
    if (over) {
      throw new IllegalStateException("Process " + pid + " has had its word already");
    }
    over = true;
    return birth.go().pumpInBackground();
  }

  @Override
  public synchronized void abort() {
    if (!over) {
      over = true;
      birth.abandon();
    }
  }
}
