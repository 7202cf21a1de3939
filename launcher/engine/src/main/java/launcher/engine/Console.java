package launcher.engine;

import java.io.InputStream;
import java.io.OutputStream;

/** One view of a guest's terminal; others may look at the same time, and see the same. */
public interface Console extends AutoCloseable {
  /** What the guest says; ends when it ends or the view is closed. */
  InputStream output();

  /** What it is told; each write goes to the guest at once. */
  OutputStream input();

  /** Stops looking; the guest does not notice. */
  @Override
  void close();
}
