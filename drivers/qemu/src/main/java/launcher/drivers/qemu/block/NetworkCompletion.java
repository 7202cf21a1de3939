package launcher.drivers.qemu.block;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** What a network source leaves unsaid. */
public final class NetworkCompletion {
  private static final Set<String> TRANSFER = Set.of("http", "https", "ftp", "ftps");

  /** Parts of a source that only some protocols have, and others do without. */
  private static final Map<String, Set<String>> PARTS =
      Map.of(
          "cookies", Set.of("http", "https"),
          "ssl", Set.of("https", "ftps"),
          "readahead", TRANSFER,
          "timeout", TRANSFER,
          "reconnect", Set.of("nbd"),
          "knownHosts", Set.of("ssh"));

  private NetworkCompletion() {}

  /** Completes a {@code <source>} that has a protocol. */
  public static void complete(Draft draft, XmlElement source) {
    noNothing(source);
    String protocol = source.attribute("protocol", "");
    PARTS.forEach((part, protocols) ->
        source
            .child(part)
            .filter(p -> !protocols.contains(protocol))
            .ifPresent(p -> {
              draft.warn(p, "protocol '%s' has no <%s>, ignoring".formatted(protocol, part));
              p.detach();
            }));
    Optional<String> name = source.attribute("name");
    if (protocol.equals("iscsi") && name.isPresent() && !name.get().contains("/")) {
      source.set("name", name.get() + "/0");
    }
    source.children("host").stream()
        .filter(h -> h.is("transport", "tcp"))
        .forEach(h -> h.unset("transport"));
  }

  /** The port of a disk's hosts, where the protocol has a usual one. */
  static void ports(XmlElement source) {
    String protocol = source.attribute("protocol", "");
    for (XmlElement host : source.children("host")) {
      if (!host.has("port") && host.attribute("transport", "tcp").equals("tcp")) {
        usualPort(protocol).ifPresent(port -> host.set("port", port));
      }
    }
  }

  // Some programs write what is as if it were not there.
  private static void noNothing(XmlElement source) {
    source.child("cookies").filter(c -> c.children().isEmpty()).ifPresent(XmlElement::detach);
    source.child("reconnect").filter(r -> r.is("delay", "0")).ifPresent(XmlElement::detach);
  }

  private static Optional<String> usualPort(String protocol) {
    return switch (protocol) {
      case "http" -> Optional.of("80");
      case "https" -> Optional.of("443");
      case "ftp" -> Optional.of("21");
      case "ftps" -> Optional.of("990");
      case "tftp" -> Optional.of("69");
      case "ssh" -> Optional.of("22");
      case "iscsi" -> Optional.of("3260");
      case "nbd" -> Optional.of("10809");
      case "gluster" -> Optional.of("24007");
      case "vxhs" -> Optional.of("9999");
      default -> Optional.empty();
    };
  }

  /** Speaks TLS to NBD servers where the host's settings want it and the source does not say. */
  static void secure(Draft draft) {
    if (draft.host().settings().on("nbdTLS")) {
      draft.devices("disk").forEach(NetworkCompletion::secure);
    }
  }

  private static void secure(XmlElement element) {
    if (element.name().equals("source") && element.is("protocol", "nbd")) {
      element.setDefault("tls", "yes");
    }
    element.children().forEach(NetworkCompletion::secure);
  }
}
