package launcher.engine.qemu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;

/**
 * The block nodes of a running QEMU. Their numbers are those of its start; a plugged-in disk gets
 * numbers that no node has.
 */
public final class BlockNodes {
  private static final Pattern NUMBERED = Pattern.compile("libvirt-(\\d+)-");

  private BlockNodes() {}

  /**
   * The node of the file below an image's format, as our names say; a node without one is it
   * itself.
   */
  public static String storage(String node) {
    return node.replaceFirst("-format$", "-storage");
  }

  private static List<String> names(QemuMonitor monitor) {
    List<String> names = new ArrayList<>();
    JsonObject answer =
        monitor.answer(
            "query-named-block-nodes", Props.empty().put("flat", true), QemuMonitor.QUESTION);
    for (JsonObject node : answer.objects("return")) {
      names.add(node.string("node-name", ""));
    }
    return names;
  }

  /** A number from which on no node has one. */
  public static int next(QemuMonitor monitor) {
    int highest = 0;
    for (String name : names(monitor)) {
      Matcher matcher = NUMBERED.matcher(name);
      highest =
          matcher.lookingAt() ? Math.max(highest, Integer.parseInt(matcher.group(1))) : highest;
    }
    return highest + 1;
  }

  /** The same options with numbers of nodes that are free. */
  static List<LiveCommand.Option> renumbered(QemuMonitor monitor, LiveCommand command) {
    int first = next(monitor);
    Map<String, Integer> numbers = new HashMap<>();
    List<LiveCommand.Option> options = new ArrayList<>();
    for (LiveCommand.Option option : command.options()) {
      String value =
          NUMBERED
              .matcher(option.value())
              .replaceAll(found ->
                  "libvirt-"
                      + numbers.computeIfAbsent(found.group(1), n -> first + numbers.size())
                      + "-");
      options.add(new LiveCommand.Option(option.flag(), value));
    }
    return options;
  }

  /** Removes the nodes nobody uses any more; QEMU refuses to remove one in use. */
  static void removeUnused(QemuMonitor monitor) {
    boolean removed = true;
    while (removed) {
      removed = false;
      for (String name : names(monitor)) {
        if (NUMBERED.matcher(name).lookingAt()) {
          removed |=
              monitor
                  .tryAsk("blockdev-del", Props.of("node-name", name), QemuMonitor.QUESTION)
                  .isPresent();
        }
      }
    }
    PassedFiles.removeUnused(monitor, files(monitor));
  }

  private static Set<String> files(QemuMonitor monitor) {
    Set<String> files = new HashSet<>();
    JsonObject answer =
        monitor.answer(
            "query-named-block-nodes", Props.empty().put("flat", true), QemuMonitor.QUESTION);
    answer.objects("return").forEach(node -> files.add(node.string("file", "")));
    return files;
  }
}
