package launcher.engine.disk;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.qemu.Drives;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.schemas.XmlElement;

/** The disks of a running QEMU, as its block nodes. */
public final class LiveDisks {
  private static final Pattern NUMBERED = Pattern.compile("libvirt-(\\d+)-filter");

  private final String guest;
  private final QemuRunning qemu;

  public LiveDisks(String guest, QemuRunning qemu) {
    this.guest = guest;
    this.qemu = qemu;
  }

  /**
   * What a drive has in it.
   *
   * @param top the uppermost node, a filter perhaps
   * @param format the node of the image's format
   * @param bytes the disk's size as the guest sees it
   */
  public record Drive(String top, String format, long bytes) {}

  /** What the drive of a disk has in it. */
  public Drive drive(XmlElement disk) {
    JsonObject inserted =
        Drives.find(qemu.monitor(), disk.value("alias/@name", ""))
            .orElseThrow(() ->
                new EngineException(
                    Kind.NOT_FOUND,
                    "QEMU knows no disk '"
                        + disk.value("target/@dev", "")
                        + "' of guest '"
                        + guest
                        + "'"))
            .object("inserted");
    return new Drive(
        inserted.string("node-name", ""),
        format(inserted),
        inserted.object("image").number("virtual-size", 0));
  }

  /** The image below a drive's own, as its header names it; empty where there is none. */
  public String backing(XmlElement disk) {
    return ChainNodes.told(qemu, drive(disk).format())
        .object("image")
        .string("backing-filename", "");
  }

  /** Filters stand above the image; what they filter is their file or backing. */
  private String format(JsonObject inserted) {
    String name = inserted.string("node-name", "");
    Matcher filter = NUMBERED.matcher(name);
    if (!filter.matches() && !name.startsWith("libvirt-CoR-")) {
      return name;
    }
    JsonObject graph =
        qemu.monitor().ask("x-debug-query-block-graph", Props.empty(), QemuMonitor.QUESTION);
    return below(graph, name).orElse(name);
  }

  private static Optional<String> below(JsonObject graph, String filter) {
    List<JsonObject> nodes = graph.objects("nodes");
    long id = number(nodes, filter);
    for (JsonObject edge : graph.objects("edges")) {
      boolean filtered =
          edge.string("name", "").equals("file") || edge.string("name", "").equals("backing");
      if (edge.number("parent", -1) == id && filtered) {
        long child = edge.number("child", -1);
        String name =
            nodes.stream()
                .filter(node -> node.number("id", -2) == child)
                .map(node -> node.string("name", ""))
                .findFirst()
                .orElse("");
        boolean another = NUMBERED.matcher(name).matches() || name.startsWith("libvirt-CoR-");
        return another ? below(graph, name) : Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static long number(List<JsonObject> nodes, String name) {
    return nodes.stream()
        .filter(node -> node.string("name", "").equals(name))
        .map(node -> node.number("id", -1))
        .findFirst()
        .orElse(-1L);
  }
}
