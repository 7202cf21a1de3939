package launcher.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.qemu.BlockNodes;
import launcher.engine.qemu.Drives;
import launcher.engine.qemu.QemuMonitor;
import launcher.schemas.XmlElement;

/** What QEMU counts of a guest's disks, under virsh's names ({@code domstats --block}). */
final class DiskStatistics {
  private static final Pattern NUMBERED = Pattern.compile("libvirt-(\\d+)-.*");
  private static final Map<String, String> COUNTERS = counters();

  private final SequencedMap<String, Object> values;
  private final boolean backing;
  private int count;

  private DiskStatistics(SequencedMap<String, Object> values, boolean backing) {
    this.values = values;
    this.backing = backing;
  }

  private static Map<String, String> counters() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("rd.reqs", "rd_operations");
    names.put("rd.bytes", "rd_bytes");
    names.put("rd.times", "rd_total_time_ns");
    names.put("wr.reqs", "wr_operations");
    names.put("wr.bytes", "wr_bytes");
    names.put("wr.times", "wr_total_time_ns");
    names.put("fl.reqs", "flush_operations");
    names.put("fl.times", "flush_total_time_ns");
    return names;
  }

  static void add(
      QemuMonitor monitor,
      XmlElement domain,
      boolean backing,
      SequencedMap<String, Object> values) {
    List<JsonObject> traffic = ask(monitor, "query-blockstats", Props.empty());
    List<JsonObject> drives = ask(monitor, "query-block", Props.empty());
    List<JsonObject> nodes =
        ask(monitor, "query-named-block-nodes", Props.empty().put("flat", true));
    values.put("block.count", 0);
    DiskStatistics statistics = new DiskStatistics(values, backing);
    for (XmlElement disk : domain.childOrAdd("devices").children("disk")) {
      String alias = disk.value("alias/@name", "");
      statistics.disk(
          disk,
          Drives.find(traffic, alias),
          Drives.find(drives, alias)
              .map(drive -> drive.object("inserted"))
              .orElse(JsonObject.EMPTY),
          nodes);
    }
    values.put("block.count", statistics.count);
  }

  private static List<JsonObject> ask(QemuMonitor monitor, String command, Props arguments) {
    return monitor.answer(command, arguments, QemuMonitor.QUESTION).objects("return");
  }

  private void disk(
      XmlElement disk, Optional<JsonObject> traffic, JsonObject drive, List<JsonObject> nodes) {
    String name = disk.value("target/@dev", "");
    Optional<String> path = disk.value("source/@file").or(() -> disk.value("source/@dev"));
    JsonObject image = drive.object("image");
    JsonObject counted = traffic.orElse(JsonObject.EMPTY);
    image(name, path, drive.string("node-name", ""), counted, image, nodes);
    while (backing && image.has("backing-image")) {
      image = image.object("backing-image");
      counted = counted.object("backing");
      Optional<String> below = image.string("filename");
      image(name, below, counted.string("node-name", ""), counted, image, nodes);
    }
  }

  private void image(
      String name,
      Optional<String> path,
      String node,
      JsonObject counted,
      JsonObject image,
      List<JsonObject> nodes) {
    String prefix = "block." + count++ + ".";
    values.put(prefix + "name", name);
    path.ifPresent(file -> values.put(prefix + "path", file));
    Matcher number = NUMBERED.matcher(node);
    if (number.matches()) {
      values.put(prefix + "backingIndex", Long.parseLong(number.group(1)));
    }
    JsonObject stats = counted.object("stats");
    COUNTERS.forEach((ours, theirs) -> {
      if (stats.has(theirs)) {
        values.put(prefix + ours, stats.number(theirs, 0));
      }
    });
    JsonObject below = counted.object("parent").object("stats");
    if (below.has("wr_highest_offset")) {
      values.put(prefix + "allocation", below.number("wr_highest_offset", 0));
    }
    if (image.has("virtual-size")) {
      values.put(prefix + "capacity", image.number("virtual-size", 0));
      values.put(prefix + "physical", image.number("actual-size", 0));
    }
    nodes.stream()
        .filter(one -> one.string("node-name", "").equals(BlockNodes.storage(node)))
        .map(one -> one.number("write_threshold", 0))
        .filter(threshold -> threshold > 0)
        .forEach(threshold -> values.put(prefix + "threshold", threshold));
  }
}
