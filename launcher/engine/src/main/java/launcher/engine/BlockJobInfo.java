package launcher.engine;

/**
 * A job on the images of a disk, as it is now.
 *
 * @param kind what it does, in virsh's words, such as {@code Block Copy}
 * @param done bytes, in QEMU's reckoning
 * @param total bytes; grows while the guest writes
 * @param bytesPerSecond its limit; 0 for none
 * @param ready whether the copy is whole and kept the same, so that it may be ended either way
 */
public record BlockJobInfo(
    String kind, long done, long total, long bytesPerSecond, boolean ready) {}
