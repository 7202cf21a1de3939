package launcher.cli;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that look at networks. */
final class NetworkLookVerbs implements VerbFamily {
  /** The one table of virsh's whose columns do not follow what is in them. */
  private static final String CARD = " %-10s %-20s %-8s     %s\n";

  @Override
  public String title() {
    return "Looking at networks";
  }

  @Override
  public List<String> names() {
    return List.of(
        "net-list",
        "net-info",
        "net-dumpxml",
        "net-name",
        "net-uuid",
        "net-dhcp-leases",
        "net-doctor",
        "net-event",
        "domifaddr");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "net-list" ->
          new Verb(name, "list networks", NetworkLookVerbs::list)
              .flag("all", "the inactive ones too")
              .flag("inactive", "only those")
              .flag("persistent", "only those that are defined")
              .flag("transient", "only those that are not")
              .flag("autostart", "only those that start with the host")
              .flag("no-autostart", "only those that do not")
              .flag("name", "names only")
              .flag("uuid", "uuids only")
              .flag("table", "as virsh has it: so anyway");
      case "net-info" -> of(name, "show what a network is", NetworkLookVerbs::info);
      case "net-dumpxml" ->
          XmlSelection.options(
              of(name, "show a network's XML", NetworkLookVerbs::xml)
                  .flag("inactive", "the definition for the next start")
                  .flag("as-written", "the text as its writer left it"));
      case "net-name" -> identity(name, "show a network's name", "name");
      case "net-uuid" -> identity(name, "show a network's UUID", "uuid");
      case "net-dhcp-leases" ->
          of(name, "show the addresses a network has lent", NetworkLookVerbs::leases)
              .optionalOperand("mac");
      case "net-doctor" ->
          of(
              name,
              "say whose packet rules stand in the way of a running network",
              NetworkLookVerbs::doctor);
      case "net-event" -> NetworkEvents.verb();
      case "domifaddr" ->
          new Verb(name, "show a guest's addresses", NetworkLookVerbs::addresses)
              .operand(Requests.DOMAIN)
              .optionalOperand("interface")
              .option("source", "source", "lease (as lent), arp (as heard) or agent (as told)")
              .flag("full", "name and MAC address in each line, not in the first one only");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb of(String name, String summary, Verb.Action action) {
    return new Verb(name, summary, action).operand(NetworkVerbs.NETWORK);
  }

  private static Verb identity(String name, String summary, String member) {
    return of(
        name,
        summary,
        in ->
            Requests.print(
                in,
                "net-info",
                NetworkVerbs.network(in),
                reply -> Requests.members(reply).text(member) + "\n\n"));
  }

  private static Outcome list(Invocation in) throws IOException {
    Json answer = in.session().client().ask("net-list", Json.object());
    List<Members> rows =
        Requests.rows(answer).stream().filter(network -> wanted(in, network)).toList();
    if (in.options().json()) {
      in.output().json(Json.of(rows));
      return Outcome.DONE;
    }
    if (in.flag("name") || in.flag("uuid")) {
      String member = in.flag("uuid") ? "uuid" : "name";
      rows.forEach(network -> in.output().line(Table.printable(network.text(member))));
      in.output().line("");
      return Outcome.DONE;
    }
    Table table = new Table("Name", "State", "Autostart", "Persistent");
    for (Members network : rows) {
      table.row(
          network.text("name"),
          network.isTrue("active") ? "active" : "inactive",
          Requests.cell(network, "autostart", "no"),
          Requests.cell(network, "persistent", "no"));
    }
    in.output().text(table.toString());
    return Outcome.DONE;
  }

  private static boolean wanted(Invocation in, Members network) {
    boolean active = network.isTrue("active");
    boolean state = in.flag("all") || (in.flag("inactive") ? !active : active);
    return state
        && (!in.flag("persistent") || network.isTrue("persistent"))
        && (!in.flag("transient") || !network.isTrue("persistent"))
        && (!in.flag("autostart") || network.isTrue("autostart"))
        && (!in.flag("no-autostart") || !network.isTrue("autostart"));
  }

  private static Outcome info(Invocation in) throws IOException {
    return Requests.print(
        in,
        "net-info",
        NetworkVerbs.network(in),
        reply -> {
          Members network = Requests.members(reply);
          Labels labels = new Labels(15);
          labels.line("Name", network.text("name")).line("UUID", network.text("uuid"));
          labels.line("Active", Requests.cell(network, "active", "no"));
          labels.line("Persistent", Requests.cell(network, "persistent", "no"));
          labels.line("Autostart", Requests.cell(network, "autostart", "no"));
          network.findText("bridge").ifPresent(bridge -> labels.line("Bridge", bridge));
          return labels.toString();
        });
  }

  private static Outcome xml(Invocation in) throws IOException {
    Members which =
        Json.object("inactive", in.flag("inactive"), "asWritten", in.flag("as-written"));
    return Requests.print(
        in,
        "net-dumpxml",
        NetworkVerbs.network(in).with(which).with(XmlSelection.of(in)),
        reply -> Requests.members(reply).text("xml"));
  }

  private static Outcome leases(Invocation in) throws IOException {
    return Requests.print(
        in,
        "net-dhcp-leases",
        NetworkVerbs.network(in).with(Json.object("mac", in.findOperand("mac"))),
        reply -> {
          Table table =
              new Table(
                  "Expiry Time",
                  "MAC address",
                  "Protocol",
                  "IP address",
                  "Hostname",
                  "Client ID or DUID");
          for (Members lease : Requests.rows(reply)) {
            table.row(
                lease.findWhole("expiry").map(NetworkLookVerbs::local).orElse("infinite"),
                Requests.cell(lease, "mac", "-"),
                lease.text("protocol"),
                lease.text("address"),
                Requests.cell(lease, "hostname", "-"),
                Requests.cell(lease, "client", "-"));
          }
          return table.toString();
        });
  }

  private static String local(long seconds) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
        .withZone(ZoneId.systemDefault())
        .format(Instant.ofEpochSecond(seconds));
  }

  private static Outcome addresses(Invocation in) throws IOException {
    Members how =
        Json.object("source", in.value("source"), "interface", in.findOperand("interface"));
    return Requests.print(
        in,
        "domifaddr",
        Requests.guest(in).with(how),
        reply -> {
          StringBuilder text =
              new StringBuilder(CARD.formatted("Name", "MAC address", "Protocol", "Address"));
          text.append("-".repeat(79)).append('\n');
          String before = "";
          for (Members row : Requests.rows(reply)) {
            boolean again = row.text("name").equals(before) && !in.flag("full");
            before = row.text("name");
            text.append(
                CARD.formatted(
                    again ? "-" : Table.printable(before),
                    again ? "-" : row.text("mac"),
                    row.text("protocol"),
                    row.text("address")));
          }
          return text.append('\n').toString();
        });
  }

  private static Outcome doctor(Invocation in) throws IOException {
    return Requests.print(
        in,
        "net-doctor",
        NetworkVerbs.network(in),
        reply -> {
          List<String> found = Json.object("all", reply).texts("all");
          return found.isEmpty() ? "Nothing in the way\n\n" : String.join("\n", found) + "\n\n";
        });
  }
}
