package launcher.engine;

import java.util.Optional;

/**
 * How a guest is saved.
 *
 * @param bypassCache whether its memory goes past the host's page cache, which is slower, but
 *     leaves to other guests what they have there
 * @param running whether it runs or waits when it comes back; none for as it is now
 * @param xml what it comes back as, the same guest with the same devices; none for as it is now
 */
public record SaveOptions(boolean bypassCache, Optional<Boolean> running, Optional<String> xml) {
  /** As it is now, through the cache. */
  public static final SaveOptions AS_IT_IS =
      new SaveOptions(false, Optional.empty(), Optional.empty());
}
