package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The verb {@code domstats}: all numbers of guests, or some kinds of them. */
final class DomStats {
  /** virsh's options and how the names of their numbers begin. */
  private static final Map<String, String> KINDS = kinds();

  private static final List<String> STATES =
      List.of(
          "no state",
          "running",
          "blocked",
          "paused",
          "in shutdown",
          "shut off",
          "crashed",
          "pmsuspended");

  private static final Map<String, List<String>> REASONS =
      Map.of(
          "running",
          List.of("unknown", "booted", "migrated", "restored", "from snapshot", "unpaused"),
          "paused",
          List.of(
              "unknown",
              "user",
              "migrating",
              "saving",
              "dumping",
              "I/O error",
              "watchdog",
              "from snapshot",
              "shutting down",
              "snapshot",
              "crashed",
              "starting up"),
          "in shutdown",
          List.of("unknown", "user"),
          "shut off",
          List.of(
              "unknown",
              "shutdown",
              "destroyed",
              "crashed",
              "migrated",
              "saved",
              "failed",
              "from snapshot"),
          "crashed",
          List.of("unknown", "panicked"));

  private DomStats() {}

  private static Map<String, String> kinds() {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("state", "state.");
    kinds.put("cpu-total", "cpu.");
    kinds.put("balloon", "balloon.");
    kinds.put("vcpu", "vcpu.");
    kinds.put("interface", "net.");
    kinds.put("block", "block.");
    kinds.put("perf", "perf.");
    kinds.put("iothread", "iothread.");
    kinds.put("memory", "memory.");
    kinds.put("dirtyrate", "dirtyrate.");
    kinds.put("vm", "vm.");
    return kinds;
  }

  static Verb verb() {
    Verb verb =
        new Verb("domstats", "show what guests use", DomStats::run)
            .optionalOperands(Requests.DOMAIN);
    KINDS.keySet().forEach(kind -> verb.flag(kind, "only these numbers, and others asked for"));
    return verb.flag("list-active", "guests that run")
        .flag("list-inactive", "guests that do not")
        .flag("list-running", "guests that run and are not paused")
        .flag("list-paused", "guests that are paused")
        .flag("list-shutoff", "guests that are shut off")
        .flag("list-other", "guests that are in another state")
        .flag("list-persistent", "guests that are defined")
        .flag("list-transient", "guests that are gone when they end")
        .flag("backing", "every image of a disk's chain")
        .flag("enforce", "refuse what cannot be told here")
        .flag("raw", "as they are (so anyway)")
        .flag("nowait", "only what needs no waiting (so anyway)");
  }

  private static Outcome run(Invocation in) throws IOException {
    if (in.flag("enforce") && (in.flag("perf") || in.flag("memory"))) {
      throw new ControlException(
          Outcome.FAILED, "launcher has no counters of 'perf' and 'memory': nothing to enforce");
    }
    Members what =
        Json.object(
            "guests", in.operands(Requests.DOMAIN),
            "backing", in.flag("backing"),
            "hypervisor", in.flag("vm"));
    Json reply = in.session().client().ask("domstats", what);
    List<Members> shown = new ArrayList<>();
    for (Members guest : Requests.rows(reply)) {
      if (fits(in, Requests.cell(guest.object("stats"), "state.state", ""))
          && lasts(in, guest.isTrue("persistent"))) {
        shown.add(
            Json.object("name", guest.text("name"), "stats", chosen(in, guest.object("stats"))));
      }
    }
    if (in.options().json()) {
      in.output().json(Json.of(shown));
    } else {
      shown.forEach(guest -> in.output().text(text(guest)));
    }
    return Outcome.DONE;
  }

  private static boolean fits(Invocation in, String state) {
    boolean off = state.equals("shut off") || state.equals("crashed");
    boolean any =
        in.flag("list-active")
            || in.flag("list-inactive")
            || in.flag("list-running")
            || in.flag("list-paused")
            || in.flag("list-shutoff")
            || in.flag("list-other");
    String own =
        switch (state) {
          case "running" -> "list-running";
          case "paused" -> "list-paused";
          case "shut off" -> "list-shutoff";
          default -> "list-other";
        };
    return !any || in.flag(off ? "list-inactive" : "list-active") || in.flag(own);
  }

  private static boolean lasts(Invocation in, boolean persistent) {
    boolean any = in.flag("list-persistent") || in.flag("list-transient");
    return !any || in.flag(persistent ? "list-persistent" : "list-transient");
  }

  private static Members chosen(Invocation in, Members stats) {
    List<String> prefixes = new ArrayList<>();
    KINDS.forEach((kind, prefix) -> {
      if (in.flag(kind)) {
        prefixes.add(prefix);
      }
    });
    if (prefixes.isEmpty()) {
      return stats;
    }
    Map<String, Json> some = new LinkedHashMap<>();
    stats
        .members()
        .forEach((name, value) -> {
          if (prefixes.stream().anyMatch(name::startsWith)) {
            some.put(name, value);
          }
        });
    return new Members(some);
  }

  private static String text(Members guest) {
    StringBuilder text = new StringBuilder("Domain: '");
    text.append(Table.printable(guest.text("name"))).append("'\n");
    Members stats = guest.object("stats");
    for (String name : stats.members().keySet()) {
      String value = Table.printable(number(stats, name));
      text.append("  ").append(name).append('=').append(value).append('\n');
    }
    return text.append('\n').toString();
  }

  /** virsh prints states and their reasons as libvirt's numbers (libvirt-domain.h). */
  private static String number(Members stats, String name) {
    String value = Requests.cell(stats, name, "");
    String state = Requests.cell(stats, "state.state", "");
    if (name.equals("state.state")) {
      return Integer.toString(Math.max(0, STATES.indexOf(value)));
    }
    if (name.equals("state.reason")) {
      return Integer.toString(Math.max(0, REASONS.getOrDefault(state, List.of()).indexOf(value)));
    }
    return value;
  }
}
