package launcher.drivers.qemu.block;

import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** How the server of a network disk cannot be reached. */
final class ServerRefusals {
  /** Protocols for which QEMU connects to local sockets, too. */
  private static final Set<String> LOCAL = Set.of("nbd", "gluster");

  private ServerRefusals() {}

  static void check(Draft draft, XmlElement source, String protocol) {
    for (XmlElement host : source.children("host")) {
      if (host.is("transport", "unix") && !LOCAL.contains(protocol)) {
        draft.refuse(host, "a host of protocol '%s' is reached by TCP only".formatted(protocol));
      }
      if (protocol.equals("nfs") && host.has("port")) {
        draft.refuse(host, "port cannot be specified in 'nfs' protocol host");
      }
    }
    source
        .child("identity")
        .filter(i -> protocol.equals("ssh") && !i.has("username"))
        .ifPresent(i -> draft.refuse(i, "missing 'username' in <identity> for protocol 'ssh'"));
  }
}
