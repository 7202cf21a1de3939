package launcher.drivers.qemu.firmware;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Os;

/** Where a guest's firmware variables are kept. */
final class NvramStorage {
  private NvramStorage() {}

  /** The driver of the lowest block node, without its name. */
  static Props props(Guest guest, Os.Nvram nvram, CommandLine out) {
    String path = nvram.source().flatMap(s -> s.file().or(s::dev)).orElse(nvram.element().text());
    String driver = nvram.type().filter("block"::equals).isPresent() ? "host_device" : "file";
    return Props.of("driver", driver).put("filename", path);
  }
}
