package launcher.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import launcher.control.ControlException;
import launcher.control.GuestTable;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.engine.Engine;
import launcher.engine.Guest;
import launcher.engine.GuestEvent;
import launcher.engine.GuestState;
import launcher.engine.XmlView;
import launcher.schemas.XmlElement;

/**
 * Looking at guests.
 *
 * @param engine the guests
 */
record LookHandlers(Engine engine) implements HandlerFamily {
  /** A listener that is so far behind misses events, rather than the daemon its memory. */
  private static final int MOST_EVENTS_WAITING = 10_000;

  @Override
  public void register(Handlers handlers) {
    handlers
        .read("list", this::list)
        .read("identify", this::identify)
        .read("dominfo", this::info)
        .read("domstate", this::state)
        .read("domblklist", this::disks)
        .read("domiflist", this::interfaces)
        .read("domdisplay", this::display)
        .listen("event", this::events);
  }

  private Guest guest(Call call) {
    return engine.guests().get(call.guest());
  }

  private Json list(Call call) {
    Members said = call.arguments();
    Selection selection = Selection.of(said);
    boolean details = said.isTrue("details");
    boolean titles = said.isTrue("titles");
    List<Members> rows = new ArrayList<>();
    for (Guest guest : engine.guests().list()) {
      GuestState state = guest.state();
      if (selection.takes(guest, state)) {
        Members row = row(guest, state);
        row = details ? row.with(details(guest)) : row;
        row =
            titles
                ? row.with(Json.object("title", guest.tree(XmlView.INACTIVE).value("title")))
                : row;
        rows.add(row);
      }
    }
    return said.findText("form").orElse("rows").equals("table")
        ? new Json.Text(new GuestTable(titles, said.isTrue("saved")).of(rows))
        : new Json.Array(List.copyOf(rows));
  }

  private static Members row(Guest guest, GuestState state) {
    Optional<Boolean> silent = state.answering() ? Optional.empty() : Optional.of(false);
    return Json.object(
        "id", guest.id().stream().boxed().findFirst(),
        "name", guest.name(),
        "uuid", guest.uuid(),
        "state", state.phase().words(),
        "answering", silent);
  }

  private static Members details(Guest guest) {
    return Json.object(
        "persistent", guest.persistent(),
        "autostart", guest.autostart(),
        "managedSave", guest.hasManagedSave());
  }

  private Json identify(Call call) {
    Guest guest = guest(call);
    return row(guest, guest.state());
  }

  private Json state(Call call) {
    GuestState state = guest(call).state();
    String words = state.phase().words() + (state.answering() ? "" : " (not answering)");
    return Json.object("state", words, "reason", state.reason(), "answering", state.answering());
  }

  private Json info(Call call) {
    Guest guest = guest(call);
    XmlElement domain = guest.tree(XmlView.LIVE);
    OptionalLong cpuTime = guest.usage().processorTime();
    long maximum = Memory.kib(domain, "memory");
    return row(guest, guest.state())
        .with(details(guest))
        .with(
            Json.object(
                "osType",
                domain.value("os/type"),
                "cpus",
                domain
                    .value("vcpu/@current")
                    .or(() -> domain.value("vcpu"))
                    .map(count -> Integer.parseInt(count.strip()))
                    .orElse(1),
                "cpuTimeNanos",
                cpuTime.isPresent() ? Optional.of(cpuTime.getAsLong()) : Optional.empty(),
                "maxMemoryKib",
                maximum,
                "usedMemoryKib",
                guest
                    .usage()
                    .usedMemory()
                    .orElse(
                        domain.hasChild("currentMemory")
                            ? Memory.kib(domain, "currentMemory")
                            : maximum)));
  }

  private Json disks(Call call) {
    return devices(call, "disk", LookHandlers::disk);
  }

  private static Members disk(XmlElement disk) {
    Optional<XmlElement> source = disk.child("source");
    Optional<String> place = Optional.empty();
    for (String attribute : List.of("file", "dev", "dir", "name", "volume", "path")) {
      place = place.or(() -> source.flatMap(element -> element.attribute(attribute)));
    }
    return Json.object(
        "type", disk.attribute("type", "file"),
        "device", disk.attribute("device", "disk"),
        "target", disk.child("target").flatMap(target -> target.attribute("dev")),
        "source", place);
  }

  private Json interfaces(Call call) {
    return devices(call, "interface", LookHandlers::card);
  }

  private static Members card(XmlElement card) {
    Optional<XmlElement> source = card.child("source");
    Optional<String> place = Optional.empty();
    for (String attribute : List.of("network", "bridge", "dev", "path")) {
      place = place.or(() -> source.flatMap(element -> element.attribute(attribute)));
    }
    return Json.object(
        "interface", card.child("target").flatMap(target -> target.attribute("dev")),
        "type", card.attribute("type", "-"),
        "source", place,
        "model", card.child("model").flatMap(model -> model.attribute("type")),
        "mac", card.child("mac").flatMap(mac -> mac.attribute("address")));
  }

  private Json devices(Call call, String kind, Function<XmlElement, Members> row) {
    XmlView view = call.arguments().isTrue("inactive") ? XmlView.INACTIVE : XmlView.LIVE;
    List<Json> rows = new ArrayList<>();
    guest(call)
        .tree(view)
        .child("devices")
        .ifPresent(
            devices -> devices.children(kind).forEach(device -> rows.add(row.apply(device))));
    return new Json.Array(rows);
  }

  private Json display(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    boolean passwords = said.isTrue("secrets");
    if (passwords) {
      call.requireManager(PublicXml.WITH_SECRETS);
    }
    List<String> uris =
        Displays.of(guest.tree(XmlView.LIVE), passwords).stream()
            .filter(uri -> uri.startsWith(said.findText("type").orElse("")))
            .toList();
    if (!guest.state().active() || uris.isEmpty()) {
      throw new ControlException(
          guest.state().active() ? Outcome.NOT_FOUND : Outcome.WRONG_STATE,
          "guest '" + guest.name() + "' has no graphical display now");
    }
    return Json.object("uri", said.isTrue("all") ? String.join(" ", uris) : uris.getFirst());
  }

  private Json events(Call call) throws IOException, InterruptedException {
    Members said = call.arguments();
    Optional<String> guest = said.findText("guest").map(word -> engine.guests().get(word).name());
    Optional<String> kind = said.findText("kind");
    Duration patience = Amounts.seconds(said, "timeout").orElse(Amounts.FOR_EVER);
    long end = System.nanoTime() + patience.toNanos();
    BlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>(MOST_EVENTS_WAITING);
    // offer: a full queue forgets the newest, and the guest that speaks never waits
    try (Subscription _ = Subscription.of(engine, events::offer)) {
      GuestEvent event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      while (event != null) {
        if (guest.orElse(event.guest()).equals(event.guest())
            && kind.orElse(event.kind()).equals(event.kind())) {
          call.event(json(event));
        }
        event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      return Json.object();
    }
  }

  private static Members json(GuestEvent event) {
    return Json.object(
        "at", event.at().toString(),
        "guest", event.guest(),
        "kind", event.kind(),
        "detail", event.detail());
  }
}
