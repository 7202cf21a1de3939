package launcher.schemas.domain;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a network interface is connected to. */
public sealed interface InterfaceSource {
  /**
   * The user-mode network, without any set-up on the host.
   *
   * @param addresses the guest's network, at most one of each family
   */
  record User(List<GuestAddress> addresses) implements InterfaceSource {
    /** Copies the list. */
    public User {
      addresses = List.copyOf(addresses);
    }
  }

  /** A user-mode network by passt, a process of its own, over a socket or over vhost-user. */
  record Passt(
      boolean vhostUser,
      List<GuestAddress> addresses,
      Optional<String> hostInterface,
      Optional<String> logFile,
      List<PortForward> forwards)
      implements InterfaceSource {
    /** Copies the lists. */
    public Passt {
      addresses = List.copyOf(addresses);
      forwards = List.copyOf(forwards);
    }
  }

  /** A tap device made for the guest and not connected by us. */
  record Ethernet() implements InterfaceSource {}

  /** A bridge of the host. */
  record Bridge(String bridge) implements InterfaceSource {}

  /** One of the launcher's networks. */
  record Network(String network, Optional<String> portGroup, Optional<String> portId)
      implements InterfaceSource {}

  /** A macvtap device on an interface of the host. */
  record Direct(String device, String mode) implements InterfaceSource {}

  /** A network that only guests are in, by name. */
  record Internal(String name) implements InterfaceSource {}

  /** A function of the host's network card, assigned to the guest. */
  record Hostdev(Optional<Address> address, boolean managed) implements InterfaceSource {}

  /** QEMU listens on TCP for another QEMU. */
  record Server(String address, int port) implements InterfaceSource {}

  /** QEMU connects by TCP to another QEMU. */
  record Client(String address, int port) implements InterfaceSource {}

  /** QEMUs that share a multicast group. */
  record Multicast(String address, int port) implements InterfaceSource {}

  /** QEMU sends to one address and listens on another. */
  record Udp(String address, int port, String localAddress, int localPort)
      implements InterfaceSource {}

  /** A process that moves the frames, at a Unix socket. */
  record VhostUser(CharBackend.Unix socket) implements InterfaceSource {}

  /** A vDPA device of the host. */
  record Vdpa(String device) implements InterfaceSource {}

  /** VMware's distributed switch, which only its own driver knows. */
  record Vds() implements InterfaceSource {}

  /** The host has nothing for it. */
  record Null() implements InterfaceSource {}

  /** An address with the length of its network. */
  record GuestAddress(String address, String family, OptionalInt prefix, Optional<String> peer) {}

  /** Ports of the host that lead to the guest. */
  record PortForward(
      String protocol, Optional<String> address, Optional<String> device, List<PortRange> ranges) {
    /** Copies the list. */
    public PortForward {
      ranges = List.copyOf(ranges);
    }
  }

  /**
   * Some ports.
   *
   * @param exclude whether just these are not forwarded
   */
  record PortRange(int start, OptionalInt end, OptionalInt to, boolean exclude) {}
}
