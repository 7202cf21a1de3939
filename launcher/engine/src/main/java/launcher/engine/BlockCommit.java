package launcher.engine;

import java.nio.file.Path;
import java.util.Optional;

/**
 * An image of a disk that goes into one below it.
 *
 * @param top the image; none for the one that the guest writes to
 * @param base the image it goes into; none for the lowest
 * @param shallow without {@code base}: the one right below
 * @param active whether {@code top} is what the guest writes to, which must be said
 * @param delete whether images that are spent are removed
 * @param speed in bytes a second; 0 for no limit
 */
public record BlockCommit(
    Optional<Path> top,
    Optional<Path> base,
    boolean shallow,
    boolean active,
    boolean delete,
    long speed) {}
