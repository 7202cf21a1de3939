package launcher.engine.run;

import java.io.IOException;

/**
 * A step has found its place taken and has touched nothing, so that nothing of it may be taken
 * back: what is there belongs to somebody else.
 */
final class NothingDone extends IOException {
  private static final long serialVersionUID = 1L;

  NothingDone(String reason) {
    super(reason);
  }
}
