package launcher.drivers.qemu.block;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Image;
import launcher.schemas.domain.Numbers;
import launcher.schemas.domain.StorageSource.Host;
import launcher.schemas.domain.StorageSource.Network;

/** Network disks as the properties of QEMU's protocol drivers. */
final class NetworkSource {
  private static final Set<String> SECURE = Set.of("https", "ftps");

  private NetworkSource() {}

  /**
   * The properties of a source.
   *
   * @param node name of the node, which its secrets and credentials are named after
   */
  static Props props(Image image, Network network, String node) {
    return switch (network.protocol()) {
      case "nbd" -> nbd(network, node);
      case "rbd" -> rbd(image, network, node);
      case "iscsi" -> iscsi(image, network, node);
      case "http", "https", "ftp", "ftps", "tftp" -> url(image, network, node);
      case "ssh" -> ssh(image, network);
      case "nfs" -> nfs(network);
      case "gluster" -> gluster(network);
      default -> Props.of("driver", network.protocol());
    };
  }

  private static Props nbd(Network network, String node) {
    Props props =
        Props.of("driver", "nbd")
            .put("server", server(network.hosts().getFirst()))
            .put("export", network.name());
    if (network.tls().orElse(false)) {
      props.put("tls-creds", BlockTls.id(node)).put("tls-hostname", network.tlsHostname());
    }
    return props.put("reconnect-delay", network.options().reconnectSeconds());
  }

  private static Props server(Host host) {
    return host.transport().equals("unix")
        ? Props.of("type", "unix").put("path", host.socket())
        : Props.of("type", "inet")
            .put("host", host.name().orElse(""))
            .put("port", host.port().orElse(""));
  }

  private static Props rbd(Image image, Network network, String node) {
    String name = network.name().orElse("");
    int slash = name.indexOf('/');
    Props props =
        Props.of("driver", "rbd")
            .put("pool", slash < 0 ? "" : name.substring(0, slash))
            .put("image", name.substring(slash + 1))
            .put("snapshot", network.options().snapshot())
            .put("conf", network.options().configuration());
    List<Props> servers =
        network.hosts().stream()
            .map(h -> Props.of("host", h.name().orElse("")).put("port", h.port().orElse("0")))
            .toList();
    if (!servers.isEmpty()) {
      props.put("server", servers);
    }
    image
        .encryption()
        .filter(e -> e.engine().equals("librbd"))
        .ifPresent(e -> props.put("encrypt", RbdEncryption.props(e, node, 0)));
    image
        .auth()
        .ifPresent(auth ->
            props
                .put("user", auth.username())
                .put("auth-client-required", List.of("cephx", "none"))
                .put("key-secret", node + "-auth-secret0"));
    return props;
  }

  private static Props iscsi(Image image, Network network, String node) {
    String name = network.name().orElse("");
    int slash = name.indexOf('/');
    Host host = network.hosts().getFirst();
    Props props =
        Props.of("driver", "iscsi")
            .put("portal", bracketed(host) + ":" + host.port().orElse("3260"))
            .put("target", slash < 0 ? name : name.substring(0, slash))
            .put("lun", slash < 0 ? 0 : Long.parseLong(name.substring(slash + 1)))
            .put("transport", "tcp");
    image
        .auth()
        .ifPresent(auth ->
            props.put("user", auth.username()).put("password-secret", node + "-auth-secret0"));
    return props.put("initiator-name", network.options().initiator());
  }

  private static Props url(Image image, Network network, String node) {
    Host host = network.hosts().getFirst();
    String path = network.name().orElse("");
    String url =
        network.protocol()
            + "://"
            + bracketed(host)
            + host.port().map(p -> ":" + p).orElse("")
            + escaped(path.startsWith("/") ? path : "/" + path)
            + network.query().map(q -> "?" + q).orElse("");
    Props props = Props.of("driver", network.protocol()).put("url", url);
    image
        .auth()
        .ifPresent(auth ->
            props.put("username", auth.username()).put("password-secret", node + "-auth-secret0"));
    if (SECURE.contains(network.protocol())) {
      network.options().verify().ifPresent(v -> props.put("sslverify", v));
    }
    if (!network.options().cookies().isEmpty()) {
      props.put("cookie-secret", node + "-httpcookie-secret0");
    }
    return props
        .put("readahead", network.options().readaheadBytes())
        .put("timeout", network.options().timeoutSeconds());
  }

  // RFC 3986's unreserved characters, and those that structure a path, stay as they are.
  private static String escaped(String path) {
    StringBuilder text = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c < 128 && (Character.isLetterOrDigit(c) || "-_.!~*'()/;@&=+$,".indexOf(c) >= 0);
      text.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return text.toString();
  }

  private static String bracketed(Host host) {
    String name = host.name().orElse("");
    return name.contains(":") ? "[" + name + "]" : name;
  }

  private static Props ssh(Image image, Network network) {
    Host host = network.hosts().getFirst();
    return Props.of("driver", "ssh")
        .put("path", network.name().orElse(""))
        .put(
            "server",
            Props.of("host", host.name().orElse("")).put("port", host.port().orElse("22")))
        .put("user", network.options().user().or(() -> image.auth().map(a -> a.username())));
  }

  private static Props nfs(Network network) {
    Host host = network.hosts().getFirst();
    return Props.of("driver", "nfs")
        .put("server", Props.of("host", host.name().orElse("")).put("type", "inet"))
        .put("path", network.name().orElse(""))
        .put("user", id(network.options().user()))
        .put("group", id(network.options().group()));
  }

  // QEMU wants numbers; a number may be written with a plus, as where a name is possible
  private static OptionalLong id(Optional<String> owner) {
    return Numbers.parse(owner.map(o -> o.replace("+", "")).orElse(""));
  }

  private static Props gluster(Network network) {
    String name = network.name().orElse("");
    int slash = name.indexOf('/');
    return Props.of("driver", "gluster")
        .put("volume", slash < 0 ? name : name.substring(0, slash))
        .put("path", name.substring(slash + 1))
        .put("server", network.hosts().stream().map(NetworkSource::server).toList())
        .put("debug", 4);
  }
}
