package launcher.engine;

import java.util.Optional;

/**
 * How a saved guest comes back.
 *
 * @param bypassCache whether its memory comes past the host's page cache
 * @param running whether it runs or waits then; none for what was said when it was saved
 * @param xml what it comes back as, the same guest with the same devices; none for what was saved
 */
public record RestoreOptions(boolean bypassCache, Optional<Boolean> running, Optional<String> xml) {
  /** As it was. */
  public static final RestoreOptions AS_IT_WAS =
      new RestoreOptions(false, Optional.empty(), Optional.empty());
}
