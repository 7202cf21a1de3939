package launcher.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.engine.Engine;
import launcher.engine.Guest;
import launcher.engine.XmlView;
import launcher.engine.network.Lease;
import launcher.engine.network.Neighbour;
import launcher.schemas.XmlElement;

/**
 * Finds the addresses of guests: as lent by a network, as heard on the link, or as the guest's own
 * agent says.
 *
 * @param engine guests and networks
 */
record AddressHandlers(Engine engine) implements HandlerFamily {
  private static final String ASK_AGENT = "{\"execute\":\"guest-network-get-interfaces\"}";

  @Override
  public void register(Handlers handlers) {
    handlers.read("domifaddr", this::addresses).read("lease-hostname", this::hostName);
  }

  private Json addresses(Call call) {
    Guest guest = engine.guests().get(call.guest());
    String source = call.arguments().findText("source").orElse("lease");
    String link = call.arguments().findText("interface").orElse("");
    if (List.of("lease", "arp").contains(source) && !engine.facts().privileged()) {
      throw new ControlException(
          Outcome.WRONG_STATE,
          "a plain user has no networks that lend addresses: ask the guest's agent, --source agent");
    }
    if (!guest.state().active()) {
      throw new ControlException(
          Outcome.WRONG_STATE, "guest '" + guest.name() + "' is not running: it has no addresses");
    }
    List<Json> rows =
        switch (source) {
          case "lease" -> lent(guest);
          case "arp" -> heard(guest);
          case "agent" -> told(guest);
          default ->
              throw new ControlException(
                  Outcome.USAGE, "'" + source + "' is no source: use lease, arp or agent");
        };
    return new Json.Array(
        rows.stream()
            .filter(
                row -> link.isEmpty() || row instanceof Members m && m.text("name").equals(link))
            .toList());
  }

  /** A network card of a running guest. */
  private record Card(String link, String mac) {}

  private static List<Card> cards(Guest guest) {
    List<Card> cards = new ArrayList<>();
    XmlElement devices = guest.tree(XmlView.LIVE).child("devices").orElse(XmlElement.of("none"));
    for (XmlElement card : devices.children("interface")) {
      Optional<String> mac = card.value("mac/@address");
      mac.ifPresent(m -> cards.add(new Card(card.value("target/@dev", "-"), m)));
    }
    return cards;
  }

  private List<Json> lent(Guest guest) {
    List<Json> rows = new ArrayList<>();
    List<Lease> leases = engine.networks().leases();
    for (Card card : cards(guest)) {
      leases.stream()
          .filter(lease -> lease.mac().equalsIgnoreCase(card.mac()))
          .forEach(lease -> rows.add(row(card.link(), card.mac(), lease.address())));
    }
    return rows;
  }

  /** The name that a guest said when it asked a network for an address. */
  private Json hostName(Call call) {
    Guest guest = engine.guests().get(call.guest());
    List<Lease> leases = engine.facts().privileged() ? engine.networks().leases() : List.of();
    for (Card card : cards(guest)) {
      for (Lease lease : leases) {
        if (lease.mac().equalsIgnoreCase(card.mac()) && !lease.hostname().isEmpty()) {
          return Json.object("host-name", lease.hostname());
        }
      }
    }
    throw new ControlException(
        Outcome.NOT_FOUND, "no network knows a host name of guest '" + guest.name() + "'");
  }

  private List<Json> heard(Guest guest) {
    List<Json> rows = new ArrayList<>();
    List<Neighbour> neighbours = engine.networks().neighbours();
    for (Card card : cards(guest)) {
      neighbours.stream()
          .filter(neighbour -> neighbour.mac().equalsIgnoreCase(card.mac()))
          .forEach(neighbour ->
              rows.add(
                  row(
                      card.link(),
                      card.mac(),
                      neighbour.address() + wholeLength(neighbour.address()))));
    }
    return rows;
  }

  // as virsh has it: an address that was only heard of belongs to no known network
  private static String wholeLength(String address) {
    return address.indexOf(':') >= 0 ? "/128" : "/0";
  }

  private static List<Json> told(Guest guest) {
    List<Json> rows = new ArrayList<>();
    JsonObject answer = JsonText.object("{\"answer\":" + guest.agent().command(ASK_AGENT) + "}");
    List<JsonObject> links = answer.objects("answer");
    for (JsonObject link : links.isEmpty() ? answer.object("answer").objects("return") : links) {
      for (JsonObject address : link.objects("ip-addresses")) {
        rows.add(
            row(
                link.string("name", "-"),
                link.string("hardware-address", "-"),
                address.string("ip-address", "") + "/" + address.number("prefix", 0)));
      }
    }
    return rows;
  }

  private static Json row(String link, String mac, String address) {
    return Json.object(
        "name", link,
        "mac", mac,
        "protocol", address.indexOf(':') >= 0 ? "ipv6" : "ipv4",
        "address", address);
  }
}
