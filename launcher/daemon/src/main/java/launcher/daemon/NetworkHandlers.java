package launcher.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Outcome;
import launcher.engine.network.Lease;
import launcher.engine.network.NetworkChange;
import launcher.engine.network.NetworkDescription;
import launcher.engine.network.NetworkEvent;
import launcher.engine.network.NetworkInfo;
import launcher.engine.network.NetworkMetadata;
import launcher.engine.network.NetworkText;
import launcher.engine.network.NetworkUpdate;
import launcher.engine.network.Networks;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/** Carries out the verbs about networks. */
final class NetworkHandlers implements HandlerFamily {
  private final Supplier<Networks> networks;

  /** For the networks of an engine, which a plain user's has none of. */
  NetworkHandlers(Supplier<Networks> networks) {
    this.networks = networks;
  }

  @Override
  public void register(Handlers handlers) {
    handlers
        .read("net-list", call -> infos(networks.get().list()))
        .read("net-info", call -> info(networks.get().info(network(call))))
        .read("net-dumpxml", this::xml)
        .read("net-dhcp-leases", this::leases)
        .read("net-doctor", call -> Json.Array.ofTexts(networks.get().inTheWay(network(call))))
        .listen("net-event", this::events)
        .read("net-describe", this::description)
        .manage("net-describe-as", this::describe)
        .read("net-metadata", this::metadata)
        .manage("net-metadata-set", this::setMetadata)
        .manage("net-define", this::define)
        .manage("net-create", this::create)
        .manage("net-start", call -> warnings(networks.get().start(network(call))))
        .manage("net-destroy", call -> done(() -> networks.get().destroy(network(call))))
        .manage("net-undefine", call -> done(() -> networks.get().undefine(network(call))))
        .manage(
            "net-autostart",
            call ->
                done(() -> networks.get().autostart(network(call), call.arguments().isTrue("on"))))
        .manage("net-update", this::update);
  }

  private Json create(Call call) {
    List<String> warnings = networks.get().create(file(call), xmlText(call));
    String name = XmlReader.read(file(call), xmlText(call)).value("name", "").strip();
    return Json.object("name", name, "warnings", warnings);
  }

  private static String network(Call call) {
    return call.arguments()
        .findText("network")
        .orElseThrow(() -> new ControlException(Outcome.USAGE, "no network was named"));
  }

  private static String file(Call call) {
    return call.arguments().findText("file").orElse("network");
  }

  private static String xmlText(Call call) {
    return call.arguments().text("xml");
  }

  private static Json warnings(List<String> warnings) {
    return Json.object("warnings", warnings);
  }

  private static Json infos(List<NetworkInfo> infos) {
    return Json.of(infos.stream().map(NetworkHandlers::info).toList());
  }

  private static Json info(NetworkInfo info) {
    return Json.object(
        "name", info.name(),
        "uuid", info.uuid(),
        "active", info.active(),
        "persistent", info.persistent(),
        "autostart", info.autostart(),
        "bridge", info.bridge().isEmpty() ? null : info.bridge());
  }

  private Json xml(Call call) {
    NetworkText which = NetworkText.CURRENT;
    if (call.arguments().isTrue("asWritten")) {
      which = NetworkText.AS_WRITTEN;
    } else if (call.arguments().isTrue("inactive")) {
      which = NetworkText.INACTIVE;
    }
    return Json.object(
        "xml", XmlParts.of(call.arguments(), networks.get().xml(network(call), which)));
  }

  private Json leases(Call call) {
    String mac = call.arguments().findText("mac").orElse("");
    List<Json> rows = new ArrayList<>();
    for (Lease lease : networks.get().leases(network(call))) {
      if (mac.isEmpty() || lease.mac().equalsIgnoreCase(mac)) {
        rows.add(lease(lease));
      }
    }
    return new Json.Array(rows);
  }

  /** A lease as clients get it; the expiry in seconds since 1970, absent for ever. */
  static Json lease(Lease lease) {
    return Json.object(
        "expiry", lease.expiry().map(expiry -> expiry.getEpochSecond()),
        "mac", known(lease.mac()),
        "protocol", lease.isIpv6() ? "ipv6" : "ipv4",
        "address", lease.address(),
        "hostname", known(lease.hostname()),
        "client", known(lease.client()));
  }

  private static Json known(String text) {
    return text.isEmpty() ? Json.Null.NULL : new Json.Text(text);
  }

  private Json update(Call call) {
    Json.Members said = call.arguments();
    NetworkUpdate update =
        new NetworkUpdate(
            NetworkUpdate.Command.of(said.text("command")),
            NetworkUpdate.Section.of(said.text("section")),
            XmlReader.read(file(call), xmlText(call)),
            said.findWhole("parentIndex").map(Long::intValue));
    networks.get().update(network(call), update, said.isTrue("live"), said.isTrue("config"));
    return Json.object();
  }

  /** With a network's name, as net-edit says it, the text has to be of that very network. */
  private Json define(Call call) {
    Optional<String> edited = call.arguments().findText("network");
    if (edited.isPresent()) {
      String name = XmlReader.read(file(call), xmlText(call)).value("name", "").strip();
      String before = networks.get().info(edited.get()).name();
      if (!name.equals(before)) {
        throw new ControlException(
            Outcome.REFUSED,
            "a network is not renamed by editing it: '%s' would become '%s'; define that one beside it"
                .formatted(before, name));
      }
    }
    return info(networks.get().define(file(call), xmlText(call)));
  }

  private Json description(Call call) {
    XmlElement tree = networks.get().tree(network(call), call.arguments().isTrue("config"));
    return Json.object("title", tree.value("title"), "description", tree.value("description"));
  }

  private Json describe(Call call) {
    Json.Members said = call.arguments();
    NetworkChange change = new NetworkDescription(said.isTrue("title"), said.text("text"));
    networks.get().update(network(call), change, said.isTrue("live"), said.isTrue("config"));
    return Json.object();
  }

  private Json metadata(Call call) {
    String uri = call.arguments().text("uri");
    XmlElement tree = networks.get().tree(network(call), call.arguments().isTrue("config"));
    return NetworkMetadata.find(tree, uri)
        .map(kept -> Json.object("xml", XmlWriter.write(kept)))
        .orElseThrow(() ->
            new ControlException(
                Outcome.NOT_FOUND,
                "network '%s' keeps no metadata of '%s'".formatted(network(call), uri)));
  }

  private Json setMetadata(Call call) {
    Json.Members said = call.arguments();
    NetworkChange change =
        new NetworkMetadata(
            said.text("uri"),
            said.findText("key").orElse(""),
            said.findText("xml").map(xml -> XmlReader.read("command line", xml)));
    networks.get().update(network(call), change, said.isTrue("live"), said.isTrue("config"));
    return Json.object();
  }

  /** Until the client goes, or the time it said is over. */
  private Json events(Call call) throws IOException, InterruptedException {
    Networks all = networks.get();
    Optional<String> wanted = call.arguments().findText("network").map(n -> all.info(n).name());
    Optional<String> kind = call.arguments().findText("kind");
    Duration patience = Amounts.seconds(call.arguments(), "timeout").orElse(Amounts.FOR_EVER);
    long end = System.nanoTime() + patience.toNanos();
    BlockingQueue<NetworkEvent> queue = new LinkedBlockingQueue<>(10_000);
    Consumer<NetworkEvent> listener = queue::offer;
    all.listen(listener);
    try {
      while (true) {
        NetworkEvent event = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (event == null) {
          return Json.object();
        }
        if (wanted.orElse(event.network()).equals(event.network())
            && kind.orElse(event.kind()).equals(event.kind())) {
          call.event(event(event));
        }
      }
    } finally {
      all.unlisten(listener);
    }
  }

  private static Json event(NetworkEvent event) {
    return Json.object(
        "at", event.at().toString(),
        "network", event.network(),
        "kind", event.kind(),
        "detail", event.detail());
  }
}
