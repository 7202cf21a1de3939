package launcher.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Stands in for vzctl and vzlist, since no OpenVZ kernel is at hand: a program of its own that
 * writes down what it is told, one call a line, and keeps each container's state and configuration
 * file as vzctl(8) and ctid.conf(5) say the real ones do.
 */
final class StandInVzctl {
  private static final Map<String, String> KEYS =
      Map.of(
          "--diskspace", "DISKSPACE",
          "--cpus", "CPUS",
          "--privvmpages", "PRIVVMPAGES",
          "--vmguarpages", "VMGUARPAGES",
          "--onboot", "ONBOOT");

  private final Path folder;

  private StandInVzctl(Path folder) {
    this.folder = folder;
  }

  /** Puts the two programs into a folder, and an empty one for configuration files beside them. */
  static void install(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("conf"));
    Path words = folder.resolve("java.words");
    String classes = Path.of("target", "test-classes").toAbsolutePath().toString();
    Files.writeString(
        words,
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp \""
            + classes
            + "\" "
            + StandInVzctl.class.getName()
            + "\n");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    for (String name : List.of("vzctl", "vzlist")) {
      Path file = Files.writeString(folder.resolve(name), "#!" + java + " @" + words + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** What was called, with its words. */
  static List<String> calls(Path folder) throws IOException {
    Path calls = folder.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  /** As the kernel runs it: its own file first, then its words. */
  public static void main(String... words) throws IOException {
    Path self = Path.of(words[0]);
    List<String> said = List.of(words).subList(1, words.length);
    Path folder = self.toAbsolutePath().getParent();
    String name = self.getFileName().toString();
    Files.writeString(
        folder.resolve("calls"),
        name + " " + String.join(" ", said) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    StandInVzctl tool = new StandInVzctl(folder);
    if (name.equals("vzlist")) {
      tool.list();
    } else {
      tool.act(said.get(1), said.get(2), said.subList(3, said.size()));
    }
  }

  private void list() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("conf"))) {
      for (Path file : files.sorted().toList()) {
        String id = file.getFileName().toString().replace(".conf", "");
        if (id.matches("[0-9]+")) {
          System.out.printf("%10s %s%n", id, state(id));
        }
      }
    }
  }

  private String state(String id) throws IOException {
    Path file = folder.resolve("state." + id);
    return Files.exists(file) ? Files.readString(file) : "stopped";
  }

  private Path file(String id) {
    return folder.resolve("conf").resolve(id + ".conf");
  }

  private void act(String act, String id, List<String> more) throws IOException {
    boolean there = Files.exists(file(id));
    String state = there ? state(id) : "none";
    String next =
        switch (act + ":" + state) {
          case "create:none" -> create(id, more);
          case "start:stopped", "restart:running" -> "running";
          case "stop:running", "stop:stopped" -> "stopped";
          // as the real one does, vzlist goes on to say that it runs
          case "chkpnt:running" ->
              more.contains("--suspend") || more.contains("--resume") ? "running" : "";
          case "destroy:stopped" -> destroy(id);
          case "set:running", "set:stopped" -> set(id, state, more);
          default -> "";
        };
    if (next.isEmpty()) {
      System.err.println("Unable to " + act + ": container " + id + " is " + state);
      System.exit(6);
    }
    if (!next.equals("none")) {
      Files.writeString(folder.resolve("state." + id), next);
    }
  }

  private String create(String id, List<String> more) throws IOException {
    String template = more.get(more.indexOf("--ostemplate") + 1);
    if (template.equals("missing")) {
      System.err.println("Cached OS template /vz/template/cache/missing.tar.gz not found");
      return "";
    }
    Map<String, String> values = new LinkedHashMap<>();
    values.put("ONBOOT", "no");
    values.put("VE_PRIVATE", "/vz/private/$VEID");
    values.put("OSTEMPLATE", template);
    write(id, values, List.of());
    return "stopped";
  }

  private String destroy(String id) throws IOException {
    Files.delete(file(id));
    Files.deleteIfExists(folder.resolve("state." + id));
    return "none";
  }

  private String set(String id, String state, List<String> more) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    for (String line : Files.readAllLines(file(id))) {
      String[] both = line.split("=", 2);
      if (both.length == 2 && both[0].matches("[A-Z_]+")) {
        values.put(both[0], both[1].replace("\"", ""));
      } else {
        others.add(line);
      }
    }
    String option = more.get(0);
    String value = more.get(1);
    if (!more.contains("--save")) {
      return "";
    }
    switch (option) {
      case "--ipadd" -> values.merge("IP_ADDRESS", value, (a, b) -> (a + " " + b).strip());
      case "--ipdel" -> values.computeIfPresent("IP_ADDRESS", (k, v) -> without(v, " ", value));
      case "--netif_add" ->
          values.merge("NETIF", netif(value), (a, b) -> a.isEmpty() ? b : a + ";" + b);
      case "--netif_del" ->
          values.computeIfPresent("NETIF", (k, v) -> without(v, ";", "ifname=" + value + ","));
      default -> {
        String key = KEYS.get(option);
        if (key == null) {
          System.err.println("Unknown option " + option);
          return "";
        }
        values.put(key, value);
      }
    }
    write(id, values, others);
    return state;
  }

  private static String without(String list, String sign, String start) {
    return Stream.of(list.split(sign))
        .filter(part -> !part.equals(start) && !(part + ",").startsWith(start))
        .collect(Collectors.joining(sign));
  }

  private static String netif(String value) {
    String[] words = value.split(",", -1);
    String[] names = {"ifname", "mac", "host_ifname", "host_mac", "bridge"};
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      if (!words[i].isEmpty()) {
        parts.add(names[i] + "=" + words[i]);
      }
    }
    return String.join(",", parts);
  }

  private void write(String id, Map<String, String> values, List<String> others)
      throws IOException {
    List<String> lines = new ArrayList<>();
    values.forEach((key, value) -> lines.add(key + "=\"" + value + "\""));
    lines.addAll(others);
    Files.write(file(id), lines);
  }
}
