package launcher.drivers.qemu.pipeline;

import java.util.ArrayList;
import java.util.List;
import launcher.drivers.qemu.address.ZpciCommand;
import launcher.drivers.qemu.block.DiskCommand;
import launcher.drivers.qemu.block.ThrottleGroups;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.QemuCommand;
import launcher.drivers.qemu.command.QemuNamespace;
import launcher.drivers.qemu.controller.ControllerCommand;
import launcher.drivers.qemu.controller.HubCommand;
import launcher.drivers.qemu.devices.DeviceSections;
import launcher.drivers.qemu.filesystem.FilesystemCommand;
import launcher.drivers.qemu.hostdev.HostdevCommand;
import launcher.drivers.qemu.memory.MemoryModules;

/** The sections of QEMU's command line, in their order. */
public final class CommandPipeline {
  /** Sections of one area stand together; order matters where QEMU looks things up. */
  private static final List<CommandSection> SECTIONS = sections();

  private CommandPipeline() {}

  private static List<CommandSection> sections() {
    List<CommandSection> all = new ArrayList<>();
    all.addAll(GeneralSections.BEFORE_DEVICES);
    all.addAll(DeviceSections.FIRST);
    // --- storage: controllers, disks, file systems, host devices, memory devices
    all.add(ZpciCommand::write);
    all.add(ControllerCommand::write);
    all.add(HubCommand::write);
    all.add(MemoryModules::write);
    all.add(ThrottleGroups::write);
    all.add(DiskCommand::write);
    all.add(FilesystemCommand::write);
    all.add(HostdevCommand::write);

    // --- devices: character devices, interfaces, graphics, sound, and the rest
    all.addAll(DeviceSections.ALL);

    all.addAll(GeneralSections.AFTER_DEVICES);
    return List.copyOf(all);
  }

  /** The command for a prepared guest. */
  public static QemuCommand write(Guest guest) {
    CommandLine out = new CommandLine(guest.tree());
    for (CommandSection section : SECTIONS) {
      section.write(guest, out);
    }
    String emulator = guest.devices().emulator().orElse("/usr/bin/" + guest.machine().emulator());
    List<String> environment = new ArrayList<>(List.of("LC_ALL=C", "PATH=/usr/bin:/bin"));
    environment.addAll(HostEnvironment.of(guest));
    environment.addAll(QemuNamespace.environment(guest));
    return new QemuCommand(emulator, environment, out);
  }
}
