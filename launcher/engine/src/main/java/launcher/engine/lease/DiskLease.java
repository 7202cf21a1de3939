package launcher.engine.lease;

import java.nio.file.Path;

/**
 * The right to use one thing.
 *
 * @param object what it is for, in the user's words: the disk's path, the lease's key
 * @param file whose lock it is
 * @param shared whether others may hold it in the same way
 */
public record DiskLease(String object, Path file, boolean shared) {}
