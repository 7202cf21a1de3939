package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
      case "user" -> users();
      case "os" ->
          Requests.members(ask("guest-get-osinfo")).members().forEach((k, v) -> put("os." + k, v));
      case "timezone" -> {
        Members zone = Requests.members(ask("guest-get-timezone"));
        put("timezone.name", zone.findText("zone"));
        put("timezone.offset", zone.findWhole("offset"));
      }
      case "hostname" ->
          put("hostname", Requests.members(ask("guest-get-host-name")).text("host-name"));
      case "filesystem" -> fileSystems();
      case "disk" -> disks();
      case "interface" -> interfaces();
      default -> throw new IllegalArgumentException(kind);
    }
  }

  private Json ask(String command) throws IOException {
    return AgentVerbs.agent(in, command);
  }

  private void put(String name, Object value) {
    if (!value.equals(Optional.empty())) {
      facts.put(name, value);
    }
  }

  private void users() throws IOException {
    List<Members> users = Requests.rows(ask("guest-get-users"));
    put("user.count", users.size());
    for (int i = 0; i < users.size(); i++) {
      String prefix = "user." + i + ".";
      put(prefix + "name", users.get(i).text("user"));
      put(prefix + "domain", users.get(i).findText("domain"));
      users
          .get(i)
          .find("login-time")
          .ifPresent(time -> put(prefix + "login-time", milliseconds(time)));
    }
  }

  /** The agent says seconds with a fraction, libvirt milliseconds. */
  private static long milliseconds(Json seconds) {
    if (seconds instanceof Json.Real(double value)) {
      return (long) (value * 1000);
    }
    return seconds instanceof Json.Whole(long value) ? value * 1000 : 0;
  }

  private void fileSystems() throws IOException {
    List<Members> mounted = Requests.rows(ask("guest-get-fsinfo"));
    put("fs.count", mounted.size());
    for (int i = 0; i < mounted.size(); i++) {
      Members one = mounted.get(i);
      String prefix = "fs." + i + ".";
      put(prefix + "name", one.findText("name"));
      put(prefix + "mountpoint", one.findText("mountpoint"));
      put(prefix + "fstype", one.findText("type"));
      put(prefix + "total-bytes", one.findWhole("total-bytes"));
      put(prefix + "used-bytes", one.findWhole("used-bytes"));
      List<Json> disks = one.items("disk");
      put(prefix + "disk.count", disks.size());
      for (int k = 0; k < disks.size(); k++) {
        Members disk = Requests.members(disks.get(k));
        put(prefix + "disk." + k + ".serial", disk.findText("serial"));
        put(prefix + "disk." + k + ".device", disk.findText("dev"));
      }
    }
  }

  private void disks() throws IOException {
    List<Members> disks = Requests.rows(ask("guest-get-disks"));
    put("disk.count", disks.size());
    for (int i = 0; i < disks.size(); i++) {
      Members disk = disks.get(i);
      String prefix = "disk." + i + ".";
      put(prefix + "name", disk.findText("name"));
      put(prefix + "partition", disk.isTrue("partition"));
      List<String> below = new ArrayList<>(disk.texts("dependencies"));
      put(prefix + "dependency.count", below.size());
      for (int k = 0; k < below.size(); k++) {
        put(prefix + "dependency." + k + ".name", below.get(k));
      }
      put(prefix + "serial", disk.object("address").findText("serial"));
      put(prefix + "guest_alias", disk.findText("alias"));
    }
  }

  private void interfaces() throws IOException {
    List<Members> links = Requests.rows(ask("guest-network-get-interfaces"));
    put("if.count", links.size());
    for (int i = 0; i < links.size(); i++) {
      Members link = links.get(i);
      String prefix = "if." + i + ".";
      put(prefix + "name", link.findText("name"));
      put(prefix + "hwaddr", link.findText("hardware-address"));
      List<Json> addresses = link.items("ip-addresses");
      put(prefix + "addr.count", addresses.size());
      for (int k = 0; k < addresses.size(); k++) {
        Members address = Requests.members(addresses.get(k));
        put(prefix + "addr." + k + ".type", address.findText("ip-address-type"));
        put(prefix + "addr." + k + ".addr", address.findText("ip-address"));
        put(prefix + "addr." + k + ".prefix", address.findWhole("prefix"));
      }
    }
  }
}
