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

/** Verbs that show and change what a guest may use of the host. */
final class LimitVerbs implements VerbFamily {
  private static final long KIB = 1024;

  /** virsh's width of a label, without the colon. */
  private static final int LABEL = 15;

  private static final List<String> MEMORY = List.of("hard_limit", "soft_limit", "swap_hard_limit");
  private static final List<String> SCHEDULER = List.of("cpu_shares", "vcpu_period", "vcpu_quota");
  private static final List<String> DISKS = List.of("weight");

  @Override
  public String title() {
    return "Limits of guests";
  }

  @Override
  public List<String> names() {
    return List.of("memtune", "schedinfo", "blkiotune");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "memtune" ->
          live(new Verb(name, "show or change memory limits of a guest", LimitVerbs::memory))
              .option("hard-limit", "size", "memory; KiB without a unit, -1 for none")
              .option("soft-limit", "size", "memory when the host is short of it")
              .option("swap-hard-limit", "size", "memory and swap together");
      case "schedinfo" ->
          live(new Verb(name, "show or change processor time of a guest", LimitVerbs::scheduler))
              .option("set", "name=value", "cpu_shares, vcpu_period or vcpu_quota; repeatable")
              .optionalOperands("parameter");
      case "blkiotune" ->
          live(new Verb(name, "show or change a guest's share of disks", LimitVerbs::disks))
              .option("weight", "number", "10 to 1000; version 2 of control groups: 1 to 10000");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb live(Verb verb) {
    return Scopes.options(verb.operand(Requests.DOMAIN));
  }

  private static Outcome memory(Invocation in) throws IOException {
    Map<String, Long> wanted = new LinkedHashMap<>();
    for (String name : MEMORY) {
      in.value(name.replace('_', '-'))
          .ifPresent(text ->
              wanted.put(name, text.equals("-1") ? -1 : Sizes.bytes(name, text, KIB) / KIB));
    }
    return showOrSet(in, MEMORY, wanted);
  }

  private static Outcome scheduler(Invocation in) throws IOException {
    Map<String, Long> wanted = new LinkedHashMap<>();
    List<String> settings = new ArrayList<>(in.values("set"));
    settings.addAll(in.operands("parameter"));
    for (String setting : settings) {
      String[] both = setting.split("=", 2);
      if (both.length < 2 || !SCHEDULER.contains(both[0])) {
        throw new ControlException(
            Outcome.USAGE,
            "'schedinfo' takes NAME=VALUE with one of " + SCHEDULER + ", not '" + setting + "'");
      }
      wanted.put(both[0], Numbers.whole(both[0], both[1], -1));
    }
    return showOrSet(in, SCHEDULER, wanted);
  }

  private static Outcome disks(Invocation in) throws IOException {
    Map<String, Long> wanted = new LinkedHashMap<>();
    in.number("weight", 1).ifPresent(weight -> wanted.put("weight", weight));
    return showOrSet(in, DISKS, wanted);
  }

  private static Outcome showOrSet(Invocation in, List<String> names, Map<String, Long> wanted)
      throws IOException {
    Members guest = Requests.guest(in).with(Scopes.of(in));
    if (!wanted.isEmpty()) {
      return Requests.say(in, "set-limits", guest.with(Json.object("limits", wanted)), "");
    }
    return Requests.print(in, "limits", guest, reply -> text(Requests.members(reply), names));
  }

  private static String text(Members limits, List<String> names) {
    StringBuilder text = new StringBuilder();
    if (names.equals(SCHEDULER)) {
      text.append(String.format("%-" + LABEL + "s: posix\n", "Scheduler"));
    }
    for (String name : names) {
      limits.findWhole(name).ifPresent(value -> text.append(line(name, value)));
    }
    return text.append('\n').toString();
  }

  private static String line(String name, long value) {
    String shown = MEMORY.contains(name) && value < 0 ? "unlimited" : Long.toString(value);
    return String.format("%-" + LABEL + "s: %s\n", name, shown);
  }
}
