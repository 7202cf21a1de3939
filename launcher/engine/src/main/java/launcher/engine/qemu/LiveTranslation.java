package launcher.engine.qemu;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.LinkStep;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.hostdev.PciSources;
import launcher.drivers.qemu.pipeline.CommandPipeline;
import launcher.drivers.qemu.start.QemuDriver;
import launcher.engine.EngineException;
import launcher.engine.device.UsbDevices;
import launcher.engine.network.LiveInterfaces;
import launcher.schemas.XmlElement;

/**
 * What devices of a running guest are to its QEMU: the very options that would start them.
 *
 * @param guest the guest
 */
public record LiveTranslation(LiveGuest guest) {
  /**
   * Adds a device.
   *
   * @param file name for problems
   * @param live the live definition with the device as its last one; completed in place
   * @param ready called when the device is completed, before anything is done, with the programs
   *     that are beside such a guest
   * @param taken takes what must be done on the host for it
   * @throws EngineException when it does not fit, or QEMU refuses
   */
  public void plug(
      String file,
      XmlElement live,
      XmlElement device,
      Consumer<List<HelperStep.Run>> ready,
      LiveHostSteps taken) {
    QemuHypervisor hypervisor = guest.hypervisor();
    LivePaths.withoutPreparedBoot(live);
    LiveNames names = LiveNames.of(live);
    hypervisor.complete(file, live, Optional.empty(), true);
    names.giveBack();
    if (device.name().equals("interface")) {
      LiveInterfaces.fillOne(device, hypervisor.networks(), hypervisor.functions());
    }
    new UsbDevices().fillOne(device, false);
    refuseConfined(live, device);
    refuseTransient(device);
    Guest prepared = hypervisor.prepared(file, live, guest.folder());
    CommandLine line = line(prepared);
    List<LinkStep> steps = QemuDriver.links(device, line.descriptors());
    ready.accept(hypervisor.helpers(prepared, guest.folder()));
    try (PassedDescriptors descriptors =
        new PassedDescriptors(line.descriptors(), hypervisor.spawner())) {
      for (LinkStep link : steps) {
        taken.hold(link);
        descriptors.open(live.value("name", ""), link);
      }
      guest.plug().plug(LiveCommand.of(line, device), descriptors);
    } catch (RuntimeException e) {
      steps.forEach(link -> PassedDescriptors.remove(link, hypervisor.spawner()));
      throw e;
    }
  }

  private static void refuseTransient(XmlElement device) {
    if (device.name().equals("disk") && device.hasChild("transient")) {
      throw new EngineException(
          EngineException.Kind.INVALID,
          "disk '%s' is transient and cannot be plugged in: define the guest with it, or plug in a qcow2 image of its own"
              .formatted(device.value("target/@dev", "")));
    }
  }

  /** A running guest's files were settled at its start; a new group of VFIO is none of them. */
  private void refuseConfined(XmlElement live, XmlElement device) {
    if (PciSources.address(device).isPresent() && guest.hypervisor().confinesFiles(live)) {
      throw new EngineException(
          EngineException.Kind.INVALID,
          "a PCI device of the host cannot be plugged into a running guest that Landlock confines: define the guest with the device, or with <seclabel type='none' model='landlock'/>");
    }
  }

  /**
   * Takes back what a device needed that the guest has let go of, or never got; the caller removes
   * it from the live definition.
   *
   * @param live a live definition, changed in place
   */
  public void removeRest(XmlElement live, XmlElement device) {
    CommandLine line = line(guest.hypervisor().running(live, guest.folder()));
    guest.plug().removeRest(LiveCommand.of(line, device), line.descriptors());
    QemuDriver.links(device, line.descriptors())
        .forEach(link -> PassedDescriptors.remove(link, guest.hypervisor().spawner()));
  }

  /**
   * The block nodes of a disk's uppermost image, as they would be at a start.
   *
   * @param live a live definition, changed in place
   */
  public LiveCommand images(XmlElement live, XmlElement disk) {
    CommandLine line = line(guest.hypervisor().running(live, guest.folder()));
    return LiveCommand.of(line, disk).images();
  }

  private static CommandLine line(Guest prepared) {
    return CommandPipeline.write(prepared).line();
  }
}
