package launcher.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.engine.Engine;
import launcher.engine.Guest;
import launcher.engine.GuestProcessor;
import launcher.engine.Scope;
import launcher.engine.XmlView;
import launcher.schemas.XmlElement;

/**
 * Changes of guests and their devices, of what runs, of the definition, or both.
 *
 * @param engine the guests
 */
record ChangeHandlers(Engine engine) implements HandlerFamily {
  @Override
  public void register(Handlers handlers) {
    handlers
        .manage("attach-device", this::attach)
        .manage("detach-device", this::detach)
        .manage("detach-device-alias", this::detachAlias)
        .manage("update-device", this::update)
        .manage("update-memory-device", this::requestedMemory)
        .manage("device-xml", this::device) // reads XML, for who would then act
        .manage("change-media", this::medium)
        .manage("setvcpus", this::processors)
        .read("vcpucount", this::counts)
        .read("vcpuinfo", this::present)
        .manage("setmem", this::memory)
        .manage("setmaxmem", this::memoryAtMost)
        .manage("set-lifecycle-action", this::lifecycle)
        .manage("set-desc", this::describe)
        .read("desc", this::description)
        .read("metadata", this::metadata)
        .manage("metadata-set", this::setMetadata)
        .manage("domif-setlink", this::link)
        .read("domif-getlink", this::linkState);
  }

  private Guest guest(Call call) {
    return engine.guests().get(call.guest());
  }

  /** What a change reaches: what was said, else what virsh calls the current state. */
  static Scope scope(Call call, Guest guest) {
    Members said = call.arguments();
    if (said.isTrue("persistent")) {
      return Scope.persistent(guest);
    }
    return said.isTrue("live") || said.isTrue("config")
        ? new Scope(said.isTrue("live"), said.isTrue("config"))
        : Scope.current(guest);
  }

  /** Whether a look is at the running guest: where it is not said, at what virsh calls current. */
  static boolean look(Call call, Guest guest) {
    Scope scope = scope(call, guest);
    scope.check(guest);
    return scope.live();
  }

  private Json attach(Call call) {
    Guest guest = guest(call);
    guest.changes().attach(call.arguments().text("xml"), scope(call, guest));
    return Json.object();
  }

  private Json detach(Call call) {
    Guest guest = guest(call);
    guest.changes().detach(call.arguments().text("xml"), scope(call, guest));
    return Json.object();
  }

  private Json detachAlias(Call call) {
    Guest guest = guest(call);
    guest.changes().detachAlias(call.arguments().text("alias"), scope(call, guest));
    return Json.object();
  }

  private Json update(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    guest.changes().update(said.text("xml"), scope(call, guest), said.isTrue("force"));
    return Json.object();
  }

  private Json requestedMemory(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    guest
        .changes()
        .requestedMemory(
            said.findText("alias"),
            said.findWhole("node").map(String::valueOf),
            said.findWhole("kib").orElse(0L),
            scope(call, guest));
    return Json.object();
  }

  private Json device(Call call) {
    Guest guest = guest(call);
    Scope scope = scope(call, guest);
    Members said = call.arguments();
    XmlElement device = guest.changes().device(said.text("xml"), !scope.config());
    Optional<String> medium = said.findText("medium");
    if (said.isTrue("eject") || medium.isPresent()) {
      device.child("source").ifPresent(XmlElement::detach);
      medium.ifPresent(file -> device.add("source").set("file", file));
    }
    return Json.object("xml", PublicXml.of(call, device));
  }

  private Json medium(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    Optional<Path> source =
        said.isTrue("eject") ? Optional.empty() : Optional.of(Path.of(said.text("source")));
    Scope scope = scope(call, guest);
    if (said.isTrue("insert")) {
      refuseFull(guest, said.text("target"), scope);
    }
    if (said.isTrue("eject")) {
      refuseEmpty(guest, said.text("target"), scope);
    }
    guest
        .changes()
        .medium(
            said.text("target"),
            source,
            said.findText("format").orElse("raw"),
            said.isTrue("force"),
            scope);
    return Json.object();
  }

  private static void refuseEmpty(Guest guest, String target, Scope scope) {
    if (drive(guest, target, scope).filter(disk -> !disk.hasChild("source")).isPresent()) {
      throw refusal(guest, target, "has no medium to eject");
    }
  }

  private static void refuseFull(Guest guest, String target, Scope scope) {
    if (drive(guest, target, scope).flatMap(disk -> disk.value("source/@file")).isPresent()) {
      throw refusal(guest, target, "has a medium already: eject it, or use --update");
    }
  }

  private static Optional<XmlElement> drive(Guest guest, String target, Scope scope) {
    XmlElement domain = guest.tree(scope.live() ? XmlView.LIVE : XmlView.INACTIVE);
    return domain.childOrAdd("devices").children("disk").stream()
        .filter(disk -> disk.value("target/@dev", "").equals(target))
        .findFirst();
  }

  private static ControlException refusal(Guest guest, String target, String why) {
    return new ControlException(
        Outcome.WRONG_STATE, "drive '" + target + "' of guest '" + guest.name() + "' " + why);
  }

  private Json processors(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    long count = said.findWhole("count").orElse(0L);
    if (said.isTrue("maximum")) {
      guest.changes().processorsAtMost(count);
    } else {
      guest.changes().processors(count, scope(call, guest));
    }
    return Json.object();
  }

  private Json counts(Call call) {
    Guest guest = guest(call);
    Optional<Integer> live =
        guest.state().active() ? Optional.of(running(guest)) : Optional.empty();
    Optional<XmlElement> config =
        guest.persistent() ? Optional.of(guest.tree(XmlView.INACTIVE)) : Optional.empty();
    return Json.object(
        "maximumConfig", config.map(ChangeHandlers::most),
        "maximumLive", live.map(_ -> most(guest.tree(XmlView.LIVE))),
        "currentConfig", config.map(ChangeHandlers::current),
        "currentLive", live);
  }

  /** A container has no processors of its own: it may use those of the host. */
  private static int running(Guest guest) {
    XmlElement live = guest.tree(XmlView.LIVE);
    return live.is("type", "lxc") ? (int) current(live) : guest.processors().size();
  }

  private static long most(XmlElement domain) {
    return domain.value("vcpu").map(text -> Long.parseLong(text.strip())).orElse(1L);
  }

  private static long current(XmlElement domain) {
    return domain.value("vcpu/@current").map(Long::parseLong).orElseGet(() -> most(domain));
  }

  private Json present(Call call) {
    Guest guest = guest(call);
    List<Json> rows = new ArrayList<>();
    if (!guest.state().active()) {
      for (long index = 0; index < current(guest.tree(XmlView.INACTIVE)); index++) {
        rows.add(Json.object("vcpu", index));
      }
      return new Json.Array(rows);
    }
    boolean stopped = guest.state().phase().words().equals("paused");
    for (GuestProcessor processor : guest.processors()) {
      rows.add(
          Json.object(
              "vcpu", processor.index(),
              "cpu", processor.cpu(),
              "state", stopped ? "paused" : "running",
              "cpuTimeNanos", processor.cpuTime().toNanos(),
              "affinity", processor.affinity(),
              "hostCpus", Runtime.getRuntime().availableProcessors()));
    }
    return new Json.Array(rows);
  }

  private Json memory(Call call) {
    Guest guest = guest(call);
    long kib = call.arguments().findWhole("kib").orElse(0L);
    guest.changes().memory(kib, scope(call, guest));
    return Json.object();
  }

  private Json memoryAtMost(Call call) {
    Guest guest = guest(call);
    Scope scope = scope(call, guest);
    if (scope.live() && !scope.config()) {
      throw new ControlException(
          Outcome.WRONG_STATE,
          "guest '"
              + guest.name()
              + "' is running and keeps its most memory: --config changes it from the next start on");
    }
    guest.changes().memoryAtMost(call.arguments().findWhole("kib").orElse(0L));
    return Json.object();
  }

  private Json lifecycle(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    String event = said.text("event").toLowerCase(Locale.ROOT);
    guest.changes().lifecycle(event, said.text("action"), scope(call, guest));
    return Json.object();
  }

  private static String child(Members said) {
    return said.isTrue("title") ? "title" : "description";
  }

  private Json describe(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    guest.changes().describe(child(said), said.text("words"), scope(call, guest));
    return Json.object();
  }

  private Json description(Call call) {
    Guest guest = guest(call);
    XmlView view = scope(call, guest).live() ? XmlView.LIVE : XmlView.INACTIVE;
    return Json.object("words", guest.tree(view).value(child(call.arguments())));
  }

  private Json metadata(Call call) {
    Guest guest = guest(call);
    String uri = call.arguments().text("uri");
    String xml =
        guest
            .changes()
            .metadata(uri, scope(call, guest).live())
            .orElseThrow(() ->
                new ControlException(
                    Outcome.NOT_FOUND,
                    "guest '" + guest.name() + "' keeps no metadata of '" + uri + "'"));
    return Json.object("xml", xml);
  }

  private Json setMetadata(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    guest
        .changes()
        .metadata(
            said.text("uri"),
            said.findText("key").orElse(""),
            said.findText("xml"),
            scope(call, guest));
    return Json.object();
  }

  private Json link(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    guest.changes().link(said.text("interface"), said.isTrue("up"), scope(call, guest));
    return Json.object();
  }

  private Json linkState(Call call) {
    Guest guest = guest(call);
    boolean live = guest.state().active() && !call.arguments().isTrue("config");
    boolean up = guest.changes().linkUp(call.arguments().text("interface"), live);
    return Json.object("state", up ? "up" : "down");
  }
}
