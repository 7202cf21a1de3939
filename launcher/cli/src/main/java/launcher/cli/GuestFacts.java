package launcher.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/**
 * The verb {@code guestinfo}: what a guest's agent knows of it, under virsh's names. Who asks for
 * all is told what this agent can tell; who asks for one thing learns why not.
 */
final class GuestFacts {
  private static final List<String> KINDS =
      List.of("user", "os", "timezone", "hostname", "filesystem", "disk", "interface");

  private final Invocation in;
  private final Map<String, Object> facts = new LinkedHashMap<>();

  private GuestFacts(Invocation in) {
    this.in = in;
  }

  static Verb verb(String name) {
    return new Verb(name, "show what a guest's agent knows of it", in -> new GuestFacts(in).run())
        .operand(Requests.DOMAIN)
        .flag("user", "who is logged in")
        .flag("os", "its operating system")
        .flag("timezone", "its time zone")
        .flag("hostname", "its host name")
        .flag("filesystem", "its mounted file systems")
        .flag("disk", "its disks")
        .flag("interface", "its network interfaces");
  }

  private Outcome run() throws IOException {
    List<String> asked = KINDS.stream().filter(in::flag).toList();
    for (String kind : asked.isEmpty() ? KINDS : asked) {
      try {
        add(kind);
      } catch (ControlException e) {
        // an agent of another age or system knows some commands only
        if (!asked.isEmpty() || e.outcome() != Outcome.FAILED) {
          throw e;
        }
      }
    }
    if (in.options().json()) {
      in.output().json(Json.of(facts));
      return Outcome.DONE;
    }
    StringBuilder text = new StringBuilder();
    Members all = Requests.members(Json.of(facts));
    for (String name : all.members().keySet()) {
      String value = Table.printable(Requests.cell(all, name, ""));
      text.append(String.format(Locale.ROOT, "%-20s: %s%n", name, value));
    }
    in.output().text(text.append('\n').toString());
    return Outcome.DONE;
  }

  private void add(String kind) throws IOException {
    switch (kind) {
      case "user" -> numbered("user.", rows("guest-get-users"), this::user);
      case "os" ->
          Requests.members(ask("guest-get-osinfo")).members().forEach((k, v) -> put("os." + k, v));
      case "timezone" -> {
        Members zone = Requests.members(ask("guest-get-timezone"));
        put("timezone.name", zone.findText("zone"));
        put("timezone.offset", zone.findWhole("offset"));
      }
      case "hostname" ->
          put("hostname", Requests.members(ask("guest-get-host-name")).text("host-name"));
      case "filesystem" -> numbered("fs.", rows("guest-get-fsinfo"), this::fileSystem);
      case "disk" -> numbered("disk.", rows("guest-get-disks"), this::disk);
      case "interface" -> numbered("if.", rows("guest-network-get-interfaces"), this::link);
      default -> throw new IllegalArgumentException(kind);
    }
  }

  private Json ask(String command) throws IOException {
    return AgentVerbs.agent(in, command);
  }

  private List<Members> rows(String command) throws IOException {
    return Requests.rows(ask(command));
  }

  private void put(String name, Object value) {
    if (!value.equals(Optional.empty())) {
      facts.put(name, value);
    }
  }

  /** How many there are, and each of them under its number. */
  private <T> void numbered(String prefix, List<T> all, BiConsumer<String, T> facts) {
    put(prefix + "count", all.size());
    for (int i = 0; i < all.size(); i++) {
      facts.accept(prefix + i + ".", all.get(i));
    }
  }

  private void user(String prefix, Members user) {
    put(prefix + "name", user.text("user"));
    put(prefix + "domain", user.findText("domain"));
    put(prefix + "login-time", user.find("login-time").map(GuestFacts::milliseconds));
  }

  /** The agent says seconds with a fraction, libvirt milliseconds. */
  private static long milliseconds(Json seconds) {
    if (seconds instanceof Json.Real(double value)) {
      return (long) (value * 1000);
    }
    return seconds instanceof Json.Whole(long value) ? value * 1000 : 0;
  }

  private void fileSystem(String prefix, Members mounted) {
    put(prefix + "name", mounted.findText("name"));
    put(prefix + "mountpoint", mounted.findText("mountpoint"));
    put(prefix + "fstype", mounted.findText("type"));
    put(prefix + "total-bytes", mounted.findWhole("total-bytes"));
    put(prefix + "used-bytes", mounted.findWhole("used-bytes"));
    numbered(prefix + "disk.", mounted.items("disk"), this::diskBelow);
  }

  private void diskBelow(String prefix, Json disk) {
    put(prefix + "serial", Requests.members(disk).findText("serial"));
    put(prefix + "device", Requests.members(disk).findText("dev"));
  }

  private void disk(String prefix, Members disk) {
    put(prefix + "name", disk.findText("name"));
    put(prefix + "partition", disk.isTrue("partition"));
    List<String> below = disk.texts("dependencies");
    numbered(prefix + "dependency.", below, (place, name) -> put(place + "name", name));
    put(prefix + "serial", disk.object("address").findText("serial"));
    put(prefix + "guest_alias", disk.findText("alias"));
  }

  private void link(String prefix, Members link) {
    put(prefix + "name", link.findText("name"));
    put(prefix + "hwaddr", link.findText("hardware-address"));
    numbered(prefix + "addr.", link.items("ip-addresses"), this::address);
  }

  private void address(String prefix, Json json) {
    Members address = Requests.members(json);
    put(prefix + "type", address.findText("ip-address-type"));
    put(prefix + "addr", address.findText("ip-address"));
    put(prefix + "prefix", address.findWhole("prefix"));
  }
}
