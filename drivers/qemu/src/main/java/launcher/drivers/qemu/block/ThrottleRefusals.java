package launcher.drivers.qemu.block;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Limits of disks that contradict each other, or QEMU's own. */
final class ThrottleRefusals {
  /** QEMU's throttling takes no more (block/throttle-groups, THROTTLE_VALUE_MAX). */
  private static final long MOST = 1_000_000_000_000_000L;

  private ThrottleRefusals() {}

  static void check(Draft draft) {
    Set<String> groups = groups(draft);
    Map<String, Map<String, String>> tunes = new HashMap<>();
    for (XmlElement disk : draft.devices("disk")) {
      String name = disk.value("target/@dev", "");
      disk.child("iotune").ifPresent(tune -> tune(draft, disk, tune, tunes));
      XmlElement filters = disk.child("throttlefilters").orElse(null);
      if (filters != null) {
        filters(draft, filters, groups);
        if (disk.hasChild("iotune")) {
          draft.refuse(
              filters, "disk '%s' has either throttlefilters or an iotune".formatted(name));
        }
        if (disk.is("device", "cdrom")) {
          draft.refuse(filters, "a CD-ROM drive cannot have throttle filters");
        }
      }
    }
  }

  private static Set<String> groups(Draft draft) {
    Set<String> names = new HashSet<>();
    for (XmlElement group :
        draft
            .domain()
            .child("throttlegroups")
            .map(t -> t.children("throttlegroup"))
            .orElse(List.of())) {
      String name = group.value("throttle_group_name", group.value("group_name", ""));
      if (!names.add(name)) {
        draft.refuse(group, "duplicate group name '%s' found".formatted(name));
      }
    }
    return names;
  }

  private static void filters(Draft draft, XmlElement filters, Set<String> groups) {
    Set<String> seen = new HashSet<>();
    for (XmlElement filter : filters.children("throttlefilter")) {
      String group = filter.attribute("group", "");
      if (!groups.contains(group)) {
        draft.refuse(filter, "throttle group '%s' not found".formatted(group));
      }
      if (!seen.add(group)) {
        draft.refuse(filter, "duplicate filter name '%s' found".formatted(group));
      }
    }
  }

  private static void tune(
      Draft draft, XmlElement disk, XmlElement tune, Map<String, Map<String, String>> tunes) {
    Map<String, String> limits = new HashMap<>();
    for (XmlElement limit : tune.children()) {
      limits.put(limit.name(), limit.text());
      if (Numbers.parse(limit.text()).orElse(0) > MOST) {
        draft.refuse(limit, "a block I/O limit must be no more than %d".formatted(MOST));
      }
    }
    String group = tune.value("group_name", "");
    if (group.isEmpty()) {
      return;
    }
    if (limits.size() == 1) {
      draft.refuse(tune, "group_name can be configured only together with settings");
    }
    Map<String, String> others = tunes.putIfAbsent(group, limits);
    // the limits of a group may stand at one of its disks
    if (others != null && limits.size() > 1 && !others.equals(limits)) {
      draft.refuse(
          disk,
          "disk '%s' has other limits than another disk of group '%s'"
              .formatted(disk.value("target/@dev", ""), group));
    }
  }
}
