package launcher.drivers.plan;

import java.nio.file.Path;

/** Steps that make disk images. */
public sealed interface ImageStep extends Step {
  /** The image. */
  Path path();

  @Override
  default String object() {
    return path().toString();
  }

  /**
   * Makes an empty image above another one, which takes all that is written; it goes with the
   * guest.
   *
   * @param path the new image, qcow2; refused where there is a file that launcher has not made
   * @param base the image below, which is only read
   * @param format of the image below
   * @param note launcher's own file that says that the image is its own, also after a power cut
   */
  record MakeOverlay(Path path, Path base, String format, Path note) implements ImageStep {
    @Override
    public String name() {
      return "make overlay";
    }

    @Override
    public String undo() {
      return "remove overlay";
    }
  }
}
