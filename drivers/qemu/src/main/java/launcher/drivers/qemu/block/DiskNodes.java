package launcher.drivers.qemu.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import launcher.schemas.domain.Disk;

/**
 * The block nodes of one disk: the images, and the filters between them and the drive.
 *
 * @param images the uppermost image
 * @param copyOnRead name of the filter that keeps what is read from below
 * @param throttles names of the filters that limit traffic, innermost first
 */
record DiskNodes(ImageNodes images, Optional<String> copyOnRead, List<String> throttles) {

  static DiskNodes of(Disk disk, boolean rawLayer, IntSupplier numbers) {
    ImageNodes images = ImageNodes.of(disk.image(), rawLayer, numbers);
    List<String> throttles = new ArrayList<>();
    for (int i = 0; i < disk.throttleGroups().size(); i++) {
      throttles.add("libvirt-" + numbers.getAsInt() + "-filter");
    }
    Optional<String> copyOnRead =
        disk.driver().filter(d -> d.copyOnRead()).map(d -> "libvirt-CoR-" + disk.target().name());
    return new DiskNodes(images, copyOnRead, List.copyOf(throttles));
  }

  /** The node that the drive uses. */
  String top() {
    return throttles.isEmpty() ? copyOnRead.orElse(images.top()) : throttles.getLast();
  }
}
