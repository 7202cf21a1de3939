package launcher.engine;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A copy of a disk that is in use.
 *
 * @param to the image; made unless it is reused or a device
 * @param format such as {@code qcow2}; none for that of the disk's image
 * @param shallow without what lies below the disk's image, which then lies below the copy too
 * @param reuse whether the image is there already, of the right size and format
 * @param device whether it is a block device
 * @param granularity of the copy in bytes, a power of two; none for QEMU's choice
 * @param buffer most bytes under way at once; none for QEMU's choice
 * @param synchronous whether the guest's writes wait until the copy has them
 * @param speed in bytes a second; 0 for no limit
 */
public record BlockCopy(
    Path to,
    Optional<String> format,
    boolean shallow,
    boolean reuse,
    boolean device,
    Optional<Long> granularity,
    Optional<Long> buffer,
    boolean synchronous,
    long speed) {}
