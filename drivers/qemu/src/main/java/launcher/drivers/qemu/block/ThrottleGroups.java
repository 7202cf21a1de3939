package launcher.drivers.qemu.block;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Limits that several disks share ({@code <throttlegroups>}) on the command line. */
public final class ThrottleGroups {
  /** Names of the limits in the XML and in QEMU; QEMU wants all of them said. */
  private static final Map<String, String> LIMITS = limits();

  private ThrottleGroups() {}

  private static Map<String, String> limits() {
    Map<String, String> names = new LinkedHashMap<>();
    for (String end : List.of("", "-max")) {
      for (String unit : List.of("bytes", "iops")) {
        for (String direction : List.of("total", "read", "write")) {
          String xml = direction + "_" + unit + "_sec" + end.replace('-', '_');
          names.put(xml, (unit.equals("bytes") ? "bps" : "iops") + "-" + direction + end);
        }
      }
    }
    names.put("size_iops_sec", "iops-size");
    return names;
  }

  /** Adds all groups. */
  public static void write(Guest guest, CommandLine out) {
    List<XmlElement> groups =
        guest
            .tree()
            .child("throttlegroups")
            .map(t -> t.children("throttlegroup"))
            .orElse(List.of());
    for (XmlElement group : groups) {
      String name = group.value("throttle_group_name", group.value("group_name", ""));
      Props props = Props.of("qom-type", "throttle-group").put("id", "throttle-" + name);
      out.add(group, "-object", props.put("limits", props(group)));
    }
  }

  private static Props props(XmlElement group) {
    Props limits = Props.empty();
    LIMITS.forEach((xml, qemu) -> limits.put(qemu, Numbers.parse(group.value(xml, "")).orElse(0)));
    LIMITS.forEach((xml, qemu) -> {
      OptionalLong length = Numbers.parse(group.value(xml + "_length", ""));
      if (length.orElse(0) > 0) {
        limits.put(qemu + "-length", length);
      }
    });
    return limits;
  }
}
