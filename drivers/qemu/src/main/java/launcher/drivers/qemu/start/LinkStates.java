package launcher.drivers.qemu.start;

import java.util.List;
import launcher.drivers.plan.MonitorStep;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;

/** Network cards whose cable is out when the guest begins: QEMU has no option for it. */
final class LinkStates {
  private LinkStates() {}

  static List<MonitorStep> of(XmlElement live) {
    return live.childOrAdd("devices").children("interface").stream()
        .filter(card -> card.value("link/@state", "up").equals("down"))
        .<MonitorStep>map(card ->
            new MonitorStep.Command(
                "set link",
                "set_link",
                Props.of("name", card.value("alias/@name", "")).put("up", false).json()))
        .toList();
  }
}
