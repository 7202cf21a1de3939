package launcher.engine.isolation;

import java.util.Optional;
import launcher.engine.isolation.HostFile.Use;

/**
 * The labels of one guest.
 *
 * @param process of its process; empty leaves the daemon's
 * @param image of what it may write; empty relabels nothing
 * @param content type and level of what it may only read
 */
record SelinuxLabels(Optional<String> process, Optional<String> image, String content) {
  /** The label a file gets; empty when its own stays. */
  Optional<String> of(HostFile file) {
    if (file.override().isPresent()) {
      HostFile.Override own = file.override().get();
      return own.relabel() ? own.label().or(() -> usual(file.use())) : Optional.empty();
    }
    return usual(file.use());
  }

  /** The label of something of the guest's own that is in no XML. */
  Optional<String> ofGuest(Use use) {
    return process.isEmpty() ? Optional.empty() : usual(use);
  }

  private Optional<String> usual(Use use) {
    if (image.isEmpty()) {
      return Optional.empty();
    }
    return switch (use) {
      case IMAGE, CHANNEL -> image;
      case SHARED -> image.map(SelinuxLabels::withoutCategories);
      case CONTENT -> Optional.of(content);
      case SYSTEM -> Optional.empty();
    };
  }

  /** {@code …:s0:c1,c2} as {@code …:s0}: what any guest may use. */
  private static String withoutCategories(String label) {
    String[] parts = label.split(":", 5);
    return parts.length < 5 ? label : String.join(":", parts[0], parts[1], parts[2], parts[3]);
  }
}
