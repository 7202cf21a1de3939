package launcher.drivers.qemu.helper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.PlanException;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.command.Guest;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.schemas.domain.Disk;
import launcher.schemas.domain.Image;

/**
 * The helper that carries out SCSI reservations for QEMU, which has not the right to
 * (qemu-pr-helper(8)). All disks of a guest share one; it makes its socket itself and serves until
 * it is ended.
 */
public final class ReservationHelper {
  private static final String NAME = "qemu-pr-helper";
  private static final String ALIAS = "pr-helper0";

  private ReservationHelper() {}

  static List<Step> of(Guest guest, HostFacts facts, Grants grants) {
    List<Step> steps = new ArrayList<>();
    boolean managed = false;
    for (Disk disk : guest.devices().disks()) {
      Optional<Image.Reservations> reservations = disk.image().reservations();
      managed |= reservations.filter(Image.Reservations::managed).isPresent();
      reservations
          .filter(asked -> !asked.managed())
          .flatMap(Image.Reservations::socket)
          .ifPresent(
              socket -> steps.add(new FileStep.Require(Path.of(socket), "reservation helper")));
      if (managed && !facts.privileged()) {
        throw notAllowed(disk.element());
      }
    }
    if (managed) {
      steps.add(helper(Path.of(guest.folder(), ALIAS + ".sock"), grants));
    }
    return steps;
  }

  private static PlanException notAllowed(XmlElement disk) {
    return new PlanException(
        List.of(
            XmlProblem.at(
                "guest",
                disk,
                "reservations of disk '%s' need rights of root: give managed='no' and the socket of a helper that runs (qemu-pr-helper -k)"
                    .formatted(disk.value("target/@dev", "")))));
  }

  private static HelperStep helper(Path socket, Grants grants) {
    return new HelperStep.Start(
        NAME,
        NAME,
        List.of("-k", socket.toString()),
        Optional.empty(),
        Optional.of(socket),
        Optional.empty(),
        Helpers.pidFile(grants, ALIAS),
        grants.log(),
        HelperStep.Rights.RESERVATIONS,
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** Whether a step starts it. */
  public static boolean is(Step step) {
    return step instanceof HelperStep.Start start && start.helper().equals(NAME);
  }

  /** Whether a disk needs it. */
  public static boolean isFor(XmlElement device) {
    return device.name().equals("disk")
        && device.value("source/reservations/@managed", "").equals("yes");
  }
}
