package launcher.schemas.domain;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two-valued attributes, which domain XML writes as {@code on}/{@code off} or {@code yes}/{@code
 * no}.
 */
public final class Toggle {
  private Toggle() {}

  /** True for {@code on} and {@code yes}, false for {@code off} and {@code no}, else none. */
  public static Optional<Boolean> of(@Nullable String text) {
    return switch (text) {
      case "on", "yes" -> Optional.of(true);
      case "off", "no" -> Optional.of(false);
      case null, default -> Optional.empty();
    };
  }

  /** Whether the attribute is there and says yes. */
  static boolean isSet(@Nullable String text) {
    return of(text).orElse(false);
  }
}
