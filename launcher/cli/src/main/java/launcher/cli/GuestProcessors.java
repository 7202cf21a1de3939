package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.drivers.qemu.cpu.CpuSet;

/** Processors as the agent inside a guest sees them: which work, and which can be switched off. */
final class GuestProcessors {
  private GuestProcessors() {}

  static Verb verb(String name) {
    return new Verb(name, "show or switch processors inside a guest", GuestProcessors::run)
        .operand(Requests.DOMAIN)
        .optionalOperand("cpulist")
        .flag("enable", "switch them on")
        .flag("disable", "switch them off");
  }

  private static List<Members> all(Invocation in) throws IOException {
    return Requests.rows(AgentVerbs.agent(in, "guest-get-vcpus"));
  }

  private static Outcome run(Invocation in) throws IOException {
    if (in.findOperand("cpulist").isPresent()) {
      return change(in);
    }
    if (in.flag("enable") || in.flag("disable")) {
      throw new ControlException(Outcome.USAGE, "--enable and --disable need <cpulist>");
    }
    List<Members> all = all(in);
    if (in.options().json()) {
      in.output().json(Json.of(all));
      return Outcome.DONE;
    }
    String text =
        line("vcpus", all, _ -> true)
            + line("online", all, cpu -> cpu.isTrue("online"))
            + line("offlinable", all, cpu -> cpu.isTrue("can-offline"));
    in.output().text(text + "\n");
    return Outcome.DONE;
  }

  private static String line(String label, List<Members> all, Predicate<Members> which) {
    BitSet numbers = new BitSet(); // an agent tells them in any order
    for (Members cpu : all) {
      if (which.test(cpu)) {
        numbers.set(cpu.findWhole("logical-id").orElse(0L).intValue());
      }
    }
    return String.format(Locale.ROOT, "%-15s: %s%n", label, CpuSet.write(numbers));
  }

  private static Outcome change(Invocation in) throws IOException {
    if (in.flag("enable") == in.flag("disable")) {
      throw new ControlException(
          Outcome.USAGE, "'guestvcpus' with <cpulist> needs one of --enable and --disable");
    }
    String list = in.operand("cpulist");
    if (!list.matches("[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*")) {
      throw new ControlException(
          Outcome.USAGE, "'" + list + "' is no list of processors such as 1-3,5");
    }
    List<Json> wanted = new ArrayList<>();
    CpuSet.parse(list).stream()
        .forEach(
            number -> wanted.add(Json.object("logical-id", number, "online", in.flag("enable"))));
    set(in, wanted);
    return Outcome.DONE;
  }

  /**
   * Switches processors on or off inside the guest until so many work.
   *
   * @throws ControlException when the guest has not so many that can be switched
   */
  static Outcome count(Invocation in, long wanted) throws IOException {
    List<Members> all = all(in);
    long now = all.stream().filter(cpu -> cpu.isTrue("online")).count();
    List<Json> changes = new ArrayList<>();
    for (Members cpu : wanted < now ? all.reversed() : all) {
      boolean online = cpu.isTrue("online");
      boolean other = wanted > now ? !online : online && cpu.isTrue("can-offline");
      if (now != wanted && other) {
        changes.add(Json.object("logical-id", cpu.findWhole("logical-id"), "online", wanted > now));
        now += wanted > now ? 1 : -1;
      }
    }
    if (now != wanted) {
      throw new ControlException(
          Outcome.FAILED,
          "guest '"
              + in.operand(Requests.DOMAIN)
              + "' can have "
              + now
              + " processors on, not "
              + wanted);
    }
    if (!changes.isEmpty()) {
      set(in, changes);
    }
    return Outcome.DONE;
  }

  /** How many work inside the guest. */
  static long working(Invocation in) throws IOException {
    return all(in).stream().filter(cpu -> cpu.isTrue("online")).count();
  }

  private static void set(Invocation in, List<Json> wanted) throws IOException {
    AgentVerbs.agent(in, "guest-set-vcpus", Json.object("vcpus", new Json.Array(wanted)));
    if (in.options().json()) {
      in.output().json(Json.object());
    }
  }
}
