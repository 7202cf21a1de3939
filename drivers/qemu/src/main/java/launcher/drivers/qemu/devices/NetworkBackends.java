package launcher.drivers.qemu.devices;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Reconnects;
import launcher.schemas.domain.CharBackend;
import launcher.schemas.domain.Interface;
import launcher.schemas.domain.InterfaceDriver;
import launcher.schemas.domain.InterfaceSource;

/** {@code -netdev}: the host's end of a network card. */
final class NetworkBackends {
  /** Pause in seconds before passt is looked for again. */
  private static final int PASST_RECONNECT_SECONDS = 5;

  private final Guest guest;
  private final CommandLine out;
  private final Interface card;

  private NetworkBackends(Guest guest, CommandLine out, Interface card) {
    this.guest = guest;
    this.out = out;
    this.card = card;
  }

  /** Adds the back end of a card and gives its id. */
  static String add(Guest guest, CommandLine out, Interface card) {
    String id = "host" + card.alias();
    Props props = new NetworkBackends(guest, out, card).props();
    out.add(card, "-netdev", props.put("id", id));
    return id;
  }

  /** Number of pairs of queues that a card really has. */
  static int queues(Interface card) {
    boolean several =
        switch (card.source()) {
          case InterfaceSource.User ignored -> false;
          case InterfaceSource.Passt passt -> passt.vhostUser();
          case InterfaceSource.Server ignored -> false;
          case InterfaceSource.Client ignored -> false;
          case InterfaceSource.Multicast ignored -> false;
          case InterfaceSource.Udp ignored -> false;
          case InterfaceSource.Hostdev ignored -> false;
          case InterfaceSource.Null ignored -> false;
          case InterfaceSource.Vds ignored -> false;
          case InterfaceSource.Ethernet ignored -> true;
          case InterfaceSource.Bridge ignored -> true;
          case InterfaceSource.Network ignored -> true;
          case InterfaceSource.Direct ignored -> true;
          case InterfaceSource.Internal ignored -> true;
          case InterfaceSource.VhostUser ignored -> true;
          case InterfaceSource.Vdpa ignored -> true;
        };
    return several && card.isVirtio()
        ? Math.max(1, card.driver().map(InterfaceDriver::queues).orElse(1))
        : 1;
  }

  private Props props() {
    return switch (card.source()) {
      case InterfaceSource.User user -> user(user);
      case InterfaceSource.Passt passt -> passt(passt);
      case InterfaceSource.Server server ->
          Props.of("type", "socket").put("listen", endpoint(server.address(), server.port()));
      case InterfaceSource.Client client ->
          Props.of("type", "socket").put("connect", endpoint(client.address(), client.port()));
      case InterfaceSource.Multicast group ->
          Props.of("type", "socket").put("mcast", endpoint(group.address(), group.port()));
      case InterfaceSource.Udp udp ->
          Props.of("type", "socket")
              .put("udp", endpoint(udp.address(), udp.port()))
              .put("localaddr", endpoint(udp.localAddress(), udp.localPort()));
      case InterfaceSource.VhostUser switched -> vhostUser(switched.socket());
      case InterfaceSource.Vdpa vdpa -> vdpa(vdpa);
      case InterfaceSource.Ethernet ignored -> tap();
      case InterfaceSource.Bridge ignored -> tap();
      case InterfaceSource.Network ignored -> tap();
      case InterfaceSource.Direct ignored -> tap();
      case InterfaceSource.Internal ignored -> tap();
      case InterfaceSource.Hostdev ignored -> throw refused();
      case InterfaceSource.Null ignored -> throw refused();
      case InterfaceSource.Vds ignored -> throw refused();
    };
  }

  private IllegalStateException refused() {
    return new IllegalStateException("no network back end for " + card.element());
  }

  private static String endpoint(String address, int port) {
    return address + ":" + port;
  }

  private static Props user(InterfaceSource.User user) {
    Props props = Props.of("type", "user");
    for (InterfaceSource.GuestAddress address : user.addresses()) {
      OptionalInt prefix = address.prefix();
      if (address.family().equals("ipv6")) {
        props.put("ipv6-prefix", address.address()).put("ipv6-prefixlen", prefix);
      } else {
        String length = prefix.isPresent() ? "/" + prefix.getAsInt() : "";
        props.put("net", address.address() + length);
      }
    }
    return props;
  }

  private Props passt(InterfaceSource.Passt passt) {
    String socket = PasstSockets.path(guest.host(), guest.domain().name(), card.alias());
    if (passt.vhostUser()) {
      return vhostUser(
          new CharBackend.Unix(
              false,
              Optional.of(socket),
              Optional.of(new CharBackend.Reconnect(true, PASST_RECONNECT_SECONDS))));
    }
    Props props =
        Props.of("type", "stream")
            .put("addr", Props.of("type", "unix").put("path", socket))
            .put("server", false);
    Reconnects.putStream(guest, props, PASST_RECONNECT_SECONDS);
    return props;
  }

  // QEMU makes a listening socket itself here: it waits until the other process has come.
  private Props vhostUser(CharBackend.Unix socket) {
    String chardev = "char" + card.alias();
    Props props =
        Props.of("backend", "socket").put("id", chardev).put("path", socket.path().orElse(""));
    if (socket.listen()) {
      props.put("server", true);
    }
    socket.reconnect().ifPresent(reconnect -> Reconnects.put(guest, props, reconnect));
    out.add(card, "-chardev", props.text("backend"));
    return withQueues(Props.of("type", "vhost-user").put("chardev", chardev));
  }

  private Props vdpa(InterfaceSource.Vdpa vdpa) {
    int descriptor = out.pass("open " + vdpa.device());
    out.add(card, "-add-fd", "set=" + descriptor + ",fd=" + descriptor);
    return withQueues(Props.of("type", "vhost-vdpa").put("vhostdev", "/dev/fdset/" + descriptor));
  }

  private Props withQueues(Props props) {
    int queues = queues(card);
    return queues > 1 ? props.put("queues", queues) : props;
  }

  private Props tap() {
    int queues = queues(card);
    Props props = Props.of("type", "tap");
    putDescriptors(props, "fd", pass("tap", queues));
    if (usesVhost()) {
      props.put("vhost", true);
      putDescriptors(props, "vhostfd", pass("vhost", queues));
    }
    return props.put("sndbuf", card.sendBuffer());
  }

  private List<String> pass(String what, int count) {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String queue = count > 1 ? " queue " + i : "";
      numbers.add(Integer.toString(out.pass(what + " " + card.alias() + queue)));
    }
    return numbers;
  }

  private static void putDescriptors(Props props, String key, List<String> numbers) {
    props.put(numbers.size() > 1 ? key + "s" : key, String.join(":", numbers));
  }

  // The kernel moves the frames of every virtio card unless somebody forbids it.
  private boolean usesVhost() {
    String name = card.driver().flatMap(InterfaceDriver::name).orElse("");
    boolean forbidden =
        name.equals("qemu")
            || name.isEmpty()
                && guest.host().settings().text("vhostNet").filter("off"::equals).isPresent();
    return card.isVirtio() && !forbidden;
  }
}
