package launcher.drivers.qemu.firmware;

import java.util.Optional;
import launcher.drivers.qemu.block.FirmwareVariables;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Os;

/** Firmware as flash drives of the machine, or as {@code -bios}. */
public final class FirmwareSection {
  private static final String CODE = "libvirt-pflash0";

  private FirmwareSection() {}

  private static Optional<Os.Loader> flash(Guest guest) {
    return guest
        .domain()
        .os()
        .flatMap(Os::loader)
        .filter(l -> l.type().filter("pflash"::equals).isPresent());
  }

  private static Optional<Os.Nvram> variables(Guest guest) {
    return flash(guest).isPresent() ? guest.domain().os().flatMap(Os::nvram) : Optional.empty();
  }

  /** Names the flash drives as switches of the machine. */
  public static void flashDrives(Guest guest, Props machine) {
    if (flash(guest).isPresent()) {
      machine.put("pflash0", CODE + "-format");
      variables(guest).ifPresent(v -> machine.put("pflash1", FirmwareVariables.top(guest, v)));
    }
  }

  /** Writes the block nodes behind the flash drives; they must come before the machine. */
  public static void blockNodes(Guest guest, CommandLine out) {
    flash(guest).ifPresent(l -> code(l, out));
    variables(guest).ifPresent(v -> FirmwareVariables.write(guest, v, out));
  }

  private static void code(Os.Loader loader, CommandLine out) {
    out.add(
        loader,
        "-blockdev",
        Props.of("driver", "file")
            .put("filename", loader.path())
            .put("node-name", CODE + "-storage")
            .put("auto-read-only", true)
            .put("discard", "unmap"));
    Props format =
        Props.of("node-name", CODE + "-format")
            .put("read-only", loader.readonly().filter("yes"::equals).isPresent())
            .put("driver", loader.format().orElse("raw"))
            .put("file", CODE + "-storage");
    noBacking(format, loader.format());
    out.add(loader, "-blockdev", format);
  }

  // a qcow2 image must not pull in a file that its header names
  private static void noBacking(Props format, Optional<String> kind) {
    if (kind.filter("qcow2"::equals).isPresent()) {
      format.putNull("backing");
    }
  }

  /** Writes a firmware that is no flash drive, and what guards the variables. */
  public static void image(Guest guest, CommandLine out) {
    Optional<Os.Loader> loader = guest.domain().os().flatMap(Os::loader);
    loader
        .filter(l -> l.type().filter("rom"::equals).isPresent() && !l.path().isEmpty())
        .ifPresent(l -> out.add(l, "-bios", l.path()));
    loader
        .filter(l -> l.secure().filter("yes"::equals).isPresent())
        .ifPresent(l -> out.add(l, "-global", "driver=cfi.pflash01,property=secure,value=on"));
  }
}
