package launcher.drivers.qemu.block;

import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Disk;
import launcher.schemas.domain.DiskDriver;

/**
 * What a drive asks of all images of its chain.
 *
 * @param cache {@code none}, {@code writeback} …
 * @param io {@code threads}, {@code native} or {@code io_uring}
 * @param discard {@code unmap} or {@code ignore}
 * @param detectZeroes {@code off}, {@code on} or {@code unmap}
 * @param discardNoUnref whether discarded clusters stay allocated
 * @param floppy whether a folder is shown as a floppy
 * @param cdrom whether a block device may be a real CD-ROM drive
 */
record ImageOptions(
    Optional<String> cache,
    Optional<String> io,
    Optional<String> discard,
    Optional<String> detectZeroes,
    Optional<Boolean> discardNoUnref,
    boolean floppy,
    boolean cdrom) {

  /** For images that no drive says anything about. */
  static final ImageOptions NONE =
      new ImageOptions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          false);

  /** What a disk asks. */
  static ImageOptions of(Disk disk) {
    Optional<DiskDriver> driver = disk.driver();
    Optional<String> discard = driver.flatMap(DiskDriver::discard);
    return new ImageOptions(
        cache(disk),
        driver.flatMap(DiskDriver::io),
        discard,
        driver.flatMap(DiskDriver::detectZeroes).map(d -> zeroes(d, discard)),
        driver.flatMap(DiskDriver::discardNoUnref),
        disk.kind() == Disk.Kind.FLOPPY,
        disk.kind() == Disk.Kind.CDROM);
  }

  // What another guest writes must be seen: nothing of a shared disk is cached on the host.
  private static Optional<String> cache(Disk disk) {
    Optional<String> said = disk.driver().flatMap(DiskDriver::cache);
    boolean shared = disk.shareable() && !disk.readOnly();
    return said.isEmpty() && shared ? Optional.of("none") : said;
  }

  // QEMU can make holes of zeroes only where it may discard.
  private static String zeroes(String detect, Optional<String> discard) {
    boolean unmaps = discard.filter("unmap"::equals).isPresent();
    return detect.equals("unmap") && !unmaps ? "on" : detect;
  }

  void putDiscard(Props props) {
    props.put("discard", discard).put("detect-zeroes", detectZeroes);
  }

  void putCache(Props props) {
    cache.ifPresent(mode ->
        props.put(
            "cache",
            Props.empty()
                .put("direct", mode.equals("none") || mode.equals("directsync"))
                .put("no-flush", mode.equals("unsafe"))));
  }

  /** Whether the drive tells the guest that writes may be cached; none for the usual. */
  static Optional<String> writeCache(Disk disk) {
    return cache(disk)
        .map(mode -> mode.equals("writethrough") || mode.equals("directsync") ? "off" : "on");
  }
}
