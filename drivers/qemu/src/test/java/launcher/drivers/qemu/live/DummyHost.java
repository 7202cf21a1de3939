package launcher.drivers.qemu.live;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * Gives a command what it expects of a host: an image for each disk, somebody behind each socket, a
 * user-mode network behind each tap. The devices stay as they are.
 */
final class DummyHost implements AutoCloseable {
  private final Path folder;
  private final DummyImages images;
  private final List<ServerSocketChannel> open = new ArrayList<>();
  private final Map<String, String> formats = new HashMap<>();
  private int number;

  DummyHost(Path folder, DummyImages images) {
    this.folder = folder;
    this.images = images;
  }

  /** The command with everything of the host replaced. */
  List<String> adapt(List<String> command) throws IOException {
    List<String> from = command.subList(emulator(command), command.size());
    rememberFormats(from);
    List<String> to = new ArrayList<>(List.of(from.getFirst()));
    int next = 1;
    while (next < from.size()) {
      String flag = from.get(next);
      String value = next + 1 < from.size() ? from.get(next + 1) : "-";
      if (!flag.startsWith("-") || value.startsWith("-")) {
        to.add(flag);
        next++;
        continue;
      }
      if (!isOurs(flag, value)) {
        to.addAll(List.of(flag, adapt(flag, value)));
      }
      next += 2;
    }
    return to;
  }

  /** What a command needs that no dummy can be. */
  static Optional<String> absent(List<String> command) {
    if (command.contains("-tpmdev")) {
      return Optional.of("nobody plays a TPM");
    }
    boolean vhostUser = command.stream().anyMatch(a -> a.contains("vhost-user"));
    return vhostUser ? Optional.of("nobody plays a vhost-user device") : Optional.empty();
  }

  private static int emulator(List<String> command) {
    int first = 0;
    while (!command.get(first).startsWith("/")) {
      first++;
    }
    return first;
  }

  // The monitor is the test's own; descriptors are not passed.
  private static boolean isOurs(String flag, String value) {
    return flag.equals("-mon")
        || flag.equals("-add-fd")
        || flag.equals("-chardev") && value.contains("id=charmonitor");
  }

  private void rememberFormats(List<String> command) {
    for (int i = 0; i + 1 < command.size(); i++) {
      if (command.get(i).equals("-blockdev") && command.get(i + 1).startsWith("{")) {
        JsonObject node = JsonText.object(command.get(i + 1));
        formats.put(node.string("file", ""), node.string("driver", "raw"));
      }
    }
  }

  private String adapt(String flag, String value) throws IOException {
    return switch (flag) {
      case "-blockdev" -> block(JsonText.object(value));
      case "-netdev" -> network(value);
      case "-chardev" -> character(value);
      case "-fsdev" ->
          value.replaceFirst(",path=[^,]*", ",path=" + Files.createDirectories(fresh("export")));
      case "-object" -> object(JsonText.object(value));
      case "-vnc" -> "unix:" + fresh("vnc") + value.replaceFirst("^(vnc=)?[^,]*", "");
      default -> value;
    };
  }

  private Path fresh(String kind) {
    number++;
    return folder.resolve(kind + number);
  }

  private String block(JsonObject node) throws IOException {
    Map<String, @Nullable Object> members = node.members();
    switch (node.string("driver", "")) {
      case "file", "host_device", "host_cdrom" -> {
        String format = formats.getOrDefault(node.string("node-name", ""), "raw");
        members.put("driver", "file");
        members.put("filename", images.copy(format, fresh("image")).toString());
        members.remove("pr-manager");
      }
      default -> {
        // formats and filters stand on other nodes; servers of the network are not played
      }
    }
    return json(members);
  }

  private static String network(String value) {
    if (!value.startsWith("{")) {
      return value;
    }
    JsonObject backend = JsonText.object(value);
    return switch (backend.string("type", "")) {
      case "tap", "socket", "stream" ->
          Props.of("type", "user").put("id", backend.string("id", "")).json();
      default -> value;
    };
  }

  private String character(String value) throws IOException {
    Map<String, String> parts = parts(value);
    String backend = parts.getOrDefault("", "");
    String id = parts.getOrDefault("id", "");
    return switch (backend) {
      case "stdio", "serial", "parallel", "pipe", "file" -> "null,id=" + id;
      case "socket" -> socket(id, parts.containsKey("server"), parts.containsKey("host"));
      default -> value.replaceAll(",log(file|append)=[^,]*", "");
    };
  }

  private String socket(String id, boolean server, boolean tcp) throws IOException {
    if (tcp && !server) {
      return "socket,id=" + id + ",host=127.0.0.1,port=" + listenTcp();
    }
    Path path = fresh("sock");
    if (!server) {
      listenUnix(path);
    }
    return "socket,id=" + id + ",path=" + path + (server ? ",server=on,wait=off" : "");
  }

  private static Map<String, String> parts(String value) {
    Map<String, String> parts = new LinkedHashMap<>();
    for (String part : value.split(",")) {
      int sign = part.indexOf('=');
      parts.put(sign < 0 ? "" : part.substring(0, sign), part.substring(sign + 1));
    }
    return parts;
  }

  private void listenUnix(Path path) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    open.add(channel);
    channel.bind(UnixDomainSocketAddress.of(path));
  }

  private int listenTcp() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    open.add(channel);
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return channel.socket().getLocalPort();
  }

  private String object(JsonObject object) throws IOException {
    Map<String, @Nullable Object> members = object.members();
    String type = object.string("qom-type", "");
    if (type.equals("secret")) {
      return Props.of("qom-type", "secret")
          .put("id", object.string("id", ""))
          .put("data", "123456")
          .json();
    }
    if (type.startsWith("memory-backend")) {
      // host nodes and large pages are not there, and nobody is to fill the memory
      members
          .keySet()
          .removeAll(
              List.of("host-nodes", "policy", "prealloc", "prealloc-threads", "prealloc-context"));
      if (members.containsKey("mem-path")) {
        members.put("mem-path", Files.createDirectories(fresh("memory")).toString());
      }
    }
    if (type.equals("rng-random")) {
      members.put("filename", "/dev/urandom");
    }
    return json(members);
  }

  private static String json(Map<String, @Nullable Object> members) {
    Props props = Props.empty();
    members.forEach((key, value) -> put(props, key, value));
    return props.json();
  }

  private static void put(Props props, String key, @Nullable Object value) {
    switch (value) {
      case Boolean truth -> props.put(key, truth);
      case Number count -> props.put(key, count.longValue());
      case JsonObject inner -> props.put(key, nested(inner));
      case List<?> list ->
          props.put(
              key,
              list.stream()
                  .map(item -> item instanceof JsonObject inner ? nested(inner) : item)
                  .toList());
      case null -> {}
      default -> props.put(key, value.toString());
    }
  }

  private static Props nested(JsonObject object) {
    Props nested = Props.empty();
    object.members().forEach((name, member) -> put(nested, name, member));
    return nested;
  }

  @Override
  public void close() throws IOException {
    for (ServerSocketChannel each : open) {
      each.close();
    }
  }
}
