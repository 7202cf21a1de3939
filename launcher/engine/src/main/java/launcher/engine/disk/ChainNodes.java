package launcher.engine.disk;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;

/**
 * The images of a running chain with the names of their nodes. An image that was handed over has no
 * path in QEMU; the one above it names it in its header.
 *
 * @param nodes from the path of an image to its node
 */
public record ChainNodes(Map<Path, String> nodes) {
  public static ChainNodes of(QemuRunning qemu, String top) {
    Map<Path, String> nodes = new LinkedHashMap<>();
    JsonObject named =
        qemu.monitor()
            .answer(
                "query-named-block-nodes", Props.empty().put("flat", true), QemuMonitor.QUESTION);
    JsonObject graph =
        qemu.monitor().ask("x-debug-query-block-graph", Props.empty(), QemuMonitor.QUESTION);
    String node = top;
    while (!node.isEmpty()) {
      String backing = "";
      for (JsonObject one : named.objects("return")) {
        if (one.string("node-name", "").equals(node)) {
          backing = one.object("image").string("full-backing-filename", "");
          if (backing.isEmpty()) {
            backing = one.object("image").string("backing-filename", "");
          }
        }
      }
      String below = child(graph, node, "backing");
      if (!below.isEmpty() && backing.startsWith("/")) {
        nodes.put(Path.of(backing), below);
      }
      node = below;
    }
    return new ChainNodes(nodes);
  }

  /** The images below the top, from the upper ones down. */
  public List<Path> files() {
    return List.copyOf(nodes.keySet());
  }

  /** The format of the image of a node. */
  public static String format(QemuRunning qemu, String node) {
    return told(qemu, node).string("drv", "raw");
  }

  /** The file of a node, as QEMU calls it: one that was handed over has a name of its own. */
  static String file(QemuRunning qemu, String node) {
    return told(qemu, node).string("file", "");
  }

  /** What QEMU says of a node; empty of one that it has not. */
  static JsonObject told(QemuRunning qemu, String node) {
    return qemu
        .monitor()
        .answer("query-named-block-nodes", Props.empty().put("flat", true), QemuMonitor.QUESTION)
        .objects("return")
        .stream()
        .filter(one -> one.string("node-name", "").equals(node))
        .findFirst()
        .orElse(JsonObject.EMPTY);
  }

  /** What a node stands on, such as its {@code file}; empty for nothing. */
  public static String child(QemuRunning qemu, String parent, String role) {
    return child(
        qemu.monitor().ask("x-debug-query-block-graph", Props.empty(), QemuMonitor.QUESTION),
        parent,
        role);
  }

  private static String child(JsonObject graph, String parent, String role) {
    long id = -1;
    for (JsonObject node : graph.objects("nodes")) {
      id = node.string("name", "").equals(parent) ? node.number("id", -1) : id;
    }
    for (JsonObject edge : graph.objects("edges")) {
      if (edge.number("parent", -2) == id && edge.string("name", "").equals(role)) {
        for (JsonObject node : graph.objects("nodes")) {
          if (node.number("id", -3) == edge.number("child", -4)) {
            return node.string("name", "");
          }
        }
      }
    }
    return "";
  }

  /** The node of an image below the top. */
  public String node(Path file) {
    String node = nodes.get(file);
    if (node == null) {
      throw new EngineException(
          Kind.FAILED, "QEMU has '" + file + "' not in the chain of this disk: " + nodes.keySet());
    }
    return node;
  }
}
