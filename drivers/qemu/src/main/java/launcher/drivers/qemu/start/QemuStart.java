package launcher.drivers.qemu.start;

import java.util.List;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.command.QemuCommand;
import launcher.schemas.XmlElement;

/**
 * What one start of a QEMU guest is about.
 *
 * @param live the prepared definition
 * @param command QEMU's command for it
 * @param helpers steps that start the programs beside it
 * @param paused its processors do not run at first
 * @param incoming it waits for a saved state before it runs
 */
public record QemuStart(
    XmlElement live, QemuCommand command, List<Step> helpers, boolean paused, boolean incoming) {
  public QemuStart {
    helpers = List.copyOf(helpers);
  }
}
