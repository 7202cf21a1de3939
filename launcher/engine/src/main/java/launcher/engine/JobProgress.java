package launcher.engine;

/**
 * How far a long act is.
 *
 * @param act such as {@code save}
 * @param done bytes moved so far
 * @param total bytes to move, as far as is known; 0 when unknown
 * @param bytesPerSecond the present rate
 */
public record JobProgress(String act, long done, long total, long bytesPerSecond) {}
