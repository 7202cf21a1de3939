package launcher.engine.isolation;

import java.nio.file.Path;
import java.util.Set;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;

/**
 * Places where no image lies: what is named there is another file for each process that looks, or
 * the kernel itself.
 */
final class ImagePlaces {
  private static final Set<String> FORBIDDEN =
      Set.of("/proc", "/sys", "/dev/fd", "/dev/fdset", "/dev/stdin", "/dev/stdout", "/dev/stderr");

  private ImagePlaces() {}

  /** Refuses a disk there, whether it is named so or leads there. */
  static void refuse(Path image) {
    Path written = image.normalize();
    Path real = GuestFiles.real(image).orElse(written);
    for (String place : FORBIDDEN) {
      if (written.startsWith(place) || real.startsWith(place)) {
        throw new EngineException(
            Kind.INVALID,
            "Failed at step 'check image' of '"
                + image
                + "': no image can lie under '"
                + place
                + "'");
      }
    }
  }
}
