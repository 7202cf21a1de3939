package launcher.drivers.qemu.devices;

import java.util.ArrayList;
import java.util.List;
import launcher.drivers.qemu.command.CommandSection;

/** The parts of the command line that this package writes. */
public final class DeviceSections {
  /** Devices that others refer to, which therefore come before all other devices. */
  public static final List<CommandSection> FIRST = List.of(IommuDevices.SECTION);

  /** All others, in the order of the command line. */
  public static final List<CommandSection> ALL = all();

  private DeviceSections() {}

  private static List<CommandSection> all() {
    List<CommandSection> all =
        new ArrayList<>(
            List.of(
                NetworkCards.SECTION,
                Smartcards.SECTION,
                Ports.SECTION,
                TrustedModules.SECTION,
                InputDevices.SECTION,
                AudioBackends.SECTION,
                Displays.SECTION,
                VideoCards.SECTION,
                SoundCards.SECTION,
                Watchdogs.SECTION,
                Redirection.SECTION,
                RandomNumbers.SECTION,
                SharedMemory.SECTION));
    all.addAll(SmallDevices.SECTIONS);
    return List.copyOf(all);
  }
}
