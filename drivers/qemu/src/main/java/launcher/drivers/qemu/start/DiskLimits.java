package launcher.drivers.qemu.start;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import launcher.drivers.plan.MonitorStep;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** The limits of a disk's own traffic ({@code <iotune>}), told to QEMU before the guest runs. */
public final class DiskLimits {
  /** Names in the XML and in QMP; QEMU wants the first six said, 0 for no limit. */
  private static final Map<String, String> NEEDED =
      ordered(
          "total_bytes_sec", "bps",
          "read_bytes_sec", "bps_rd",
          "write_bytes_sec", "bps_wr",
          "total_iops_sec", "iops",
          "read_iops_sec", "iops_rd",
          "write_iops_sec", "iops_wr");

  private DiskLimits() {}

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /** One step for each limited disk of a prepared definition. */
  static List<MonitorStep> of(XmlElement live) {
    List<MonitorStep> steps = new ArrayList<>();
    for (XmlElement disk : live.childOrAdd("devices").children("disk")) {
      disk.child("iotune")
          .ifPresent(tune ->
              steps.add(
                  new MonitorStep.Command(
                      "limit disk " + disk.value("target/@dev", ""),
                      "block_set_io_throttle",
                      arguments(disk, tune).json())));
    }
    return steps;
  }

  /**
   * The arguments of QEMU's {@code block_set_io_throttle}.
   *
   * @param disk of a prepared definition
   * @param tune its {@code <iotune>}
   */
  public static Props arguments(XmlElement disk, XmlElement tune) {
    Props props = Props.of("id", device(disk));
    NEEDED.forEach((xml, qmp) -> {
      props.put(qmp, number(tune, xml).orElse(0));
      props.put(qmp + "_max", number(tune, xml + "_max"));
      props.put(qmp + "_max_length", number(tune, xml + "_max_length"));
    });
    props.put("iops_size", number(tune, "size_iops_sec"));
    return props.put("group", tune.value("group_name"));
  }

  /** A virtio disk on PCI or CCW is a shell around the device that has the drive. */
  private static String device(XmlElement disk) {
    String alias = disk.value("alias/@name", "");
    return disk.value("target/@bus", "").equals("virtio")
        ? "/machine/peripheral/" + alias + "/virtio-backend"
        : alias;
  }

  private static OptionalLong number(XmlElement tune, String name) {
    return Numbers.parse(tune.value(name, ""));
  }
}
