package launcher.drivers.qemu.block;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.schemas.domain.Os;

/** The block nodes behind a guest's firmware variables, wherever those are kept. */
public final class FirmwareVariables {
  private FirmwareVariables() {}

  private static ImageNodes nodes(Guest guest, Os.Nvram nvram) {
    return ImageNodes.named(nvram.image(), "pflash1", BlockNames.rawLayer(guest));
  }

  /** The name of the uppermost node. */
  public static String top(Guest guest, Os.Nvram nvram) {
    return nodes(guest, nvram).top();
  }

  /** Writes the nodes. */
  public static void write(Guest guest, Os.Nvram nvram, CommandLine out) {
    new ImageCommand(guest, out, ImageOptions.NONE).write(nodes(guest, nvram), false);
  }
}
