package launcher.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that show the host in numbers. */
final class NodeVerbs implements VerbFamily {
  private static final long KIB = 1024;
  private static final List<String> TIMES = List.of("user", "system", "idle", "iowait");

  @Override
  public String title() {
    return "The host in numbers";
  }

  @Override
  public List<String> names() {
    return List.of(
        "hostname",
        "uri",
        "sysinfo",
        "maxvcpus",
        "cpu-models",
        "hypervisor-cpu-models",
        "nodecpumap",
        "nodecpustats",
        "nodememstats",
        "freecell",
        "freepages",
        "allocpages");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "hostname" ->
          new Verb(
              name,
              "show the name of this host",
              in ->
                  Requests.print(
                      in,
                      name,
                      Json.object(),
                      reply -> Requests.members(reply).text("name") + "\n\n"));
      case "uri" -> new Verb(name, "show where the daemon listens", NodeVerbs::place);
      case "sysinfo" ->
          new Verb(
              name,
              "show what the host's firmware says of itself, as XML",
              in -> HostVerbs.xml(in, Json.object()));
      case "maxvcpus" ->
          new Verb(name, "show how many processors a guest may have", NodeVerbs::mostProcessors)
              .option("type", "type", "of the guest: qemu or kvm");
      case "cpu-models" ->
          new Verb(name, "show the processors that QEMU has for an architecture", NodeVerbs::models)
              .operand("arch");
      case "hypervisor-cpu-models" ->
          new Verb(name, "show the processors that a QEMU has", NodeVerbs::models)
              .option("virttype", "type", "qemu or kvm")
              .option("emulator", "path", "the emulator")
              .option("arch", "name", "the guest's architecture")
              .option("machine", "type", "the machine")
              .flag("all", "those too that this host cannot have");
      case "nodecpumap" ->
          new Verb(name, "show which processors the host has", NodeVerbs::processors)
              .flag("pretty", "as a list");
      case "nodecpustats" ->
          new Verb(name, "show what the host's processors have done", NodeVerbs::times)
              .option("cpu", "number", "one of them")
              .flag("percent", "what they do within a second");
      case "nodememstats" ->
          new Verb(name, "show the host's memory", NodeVerbs::memory)
              .option("cell", "number", "of one NUMA cell");
      case "freecell" ->
          new Verb(name, "show the host's free memory", NodeVerbs::free)
              .option("cellno", "number", "of one NUMA cell")
              .flag("all", "of each NUMA cell");
      case "freepages" ->
          new Verb(name, "show the host's free pages by their size", NodeVerbs::pages)
              .option("cellno", "number", "of one NUMA cell")
              .option("pagesize", "size", "of one size; KiB without a unit")
              .flag("all", "of each NUMA cell");
      case "allocpages" ->
          new Verb(name, "set huge pages of the host's memory aside", NodeVerbs::allocate)
              .operand("pagesize")
              .operand("pagecount")
              .option("cellno", "number", "on one NUMA cell")
              .flag("add", "beside those that are there")
              .flag("all", "on all NUMA cells together (so without --cellno)");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Outcome place(Invocation in) throws IOException {
    String uri = "unix://" + in.session().socket();
    if (in.options().json()) {
      in.output().json(Json.object("uri", uri));
    } else {
      in.output().text(uri + "\n\n");
    }
    return Outcome.DONE;
  }

  private static Outcome mostProcessors(Invocation in) throws IOException {
    return Requests.print(
        in,
        "maxvcpus",
        Json.object("type", in.value("type")),
        reply -> Requests.cell(Requests.members(reply), "count", "-") + "\n\n");
  }

  private static Outcome models(Invocation in) throws IOException {
    Members which =
        Json.object(
            "type", in.value("virttype"),
            "emulator", in.value("emulator").map(Requests::absolute),
            "arch", in.findOperand("arch").or(() -> in.value("arch")),
            "machine", in.value("machine"));
    boolean all = in.flag("all") || in.verb().name().equals("cpu-models");
    return Requests.print(
        in,
        "cpu-models",
        which,
        reply -> {
          StringBuilder text = new StringBuilder();
          for (Members model : Requests.rows(reply)) {
            if (all || Requests.cell(model, "usable", "").equals("yes")) {
              text.append(model.text("name")).append('\n');
            }
          }
          return text.append('\n').toString();
        });
  }

  private static Outcome processors(Invocation in) throws IOException {
    return Requests.print(
        in,
        "nodecpumap",
        Json.object(),
        reply -> {
          Members said = Requests.members(reply);
          String present = HostCpuMap.marks(said.text("present"), 1 << 16);
          String online = HostCpuMap.marks(said.text("online"), present.lastIndexOf('y') + 1);
          return new Labels(15)
              .line("CPUs present", Long.toString(count(present)))
              .line("CPUs online", Long.toString(count(online)))
              .line("CPU map", in.flag("pretty") ? said.text("online") : online)
              .toString();
        });
  }

  private static long count(String marks) {
    return marks.chars().filter(mark -> mark == 'y').count();
  }

  private static Outcome times(Invocation in) throws IOException {
    Members which = Json.object("cpu", in.number("cpu", 0));
    if (!in.flag("percent")) {
      return Requests.print(
          in, "nodecpustats", which, reply -> nanoseconds(Requests.members(reply)));
    }
    Members before = Requests.members(in.session().client().ask("nodecpustats", which));
    // what they do now is the difference of two looks
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    Members after = Requests.members(in.session().client().ask("nodecpustats", which));
    Map<String, Double> shares = shares(before, after);
    if (in.options().json()) {
      in.output().json(Json.of(shares));
      return Outcome.DONE;
    }
    StringBuilder text = new StringBuilder();
    shares.forEach((name, share) ->
        text.append(String.format(Locale.ROOT, "%-15s %5.1f%%%n", name + ":", share)));
    in.output().text(text.append('\n').toString());
    return Outcome.DONE;
  }

  private static String nanoseconds(Members times) {
    StringBuilder text = new StringBuilder();
    for (String name : TIMES) {
      long value = times.findWhole(name).orElse(0L);
      text.append(String.format(Locale.ROOT, "%-15s %20d%n", name + ":", value));
    }
    return text.append('\n').toString();
  }

  private static Map<String, Double> shares(Members before, Members after) {
    Map<String, Double> passed = new LinkedHashMap<>();
    double all = 0;
    for (String name : TIMES) {
      double time = after.findWhole(name).orElse(0L) - before.findWhole(name).orElse(0L);
      passed.put(name, Math.max(0, time));
      all += Math.max(0, time);
    }
    double whole = Math.max(1, all);
    Map<String, Double> shares = new LinkedHashMap<>();
    double used = passed.getOrDefault("user", 0.0) + passed.getOrDefault("system", 0.0);
    shares.put("usage", used / whole * 100);
    passed.forEach((name, time) -> shares.put(name, time / whole * 100));
    return shares;
  }

  private static Outcome memory(Invocation in) throws IOException {
    return Requests.print(
        in,
        "nodememstats",
        Json.object("cell", in.number("cell", 0)),
        reply -> {
          Members memory = Requests.members(reply);
          StringBuilder text = new StringBuilder();
          for (String name : memory.members().keySet()) {
            long kib = memory.findWhole(name).orElse(0L);
            text.append(String.format(Locale.ROOT, "%-7s: %20d KiB%n", name, kib));
          }
          return text.append('\n').toString();
        });
  }

  private static void refuseBoth(Invocation in) {
    if (in.flag("all") && in.value("cellno").isPresent()) {
      throw new ControlException(Outcome.USAGE, "--all or --cellno, not both");
    }
  }

  private static Outcome free(Invocation in) throws IOException {
    refuseBoth(in);
    Optional<Long> one = in.number("cellno", 0);
    return Requests.print(in, "freecell", Json.object(), reply -> free(in, reply, one));
  }

  private static String free(Invocation in, Json reply, Optional<Long> one) {
    long total = 0;
    StringBuilder text = new StringBuilder();
    for (Members cell : Requests.rows(reply)) {
      long kib = cell.findWhole("freeKib").orElse(0L);
      total += kib;
      long number = cell.findWhole("cell").orElse(0L);
      if (one.isPresent() && one.get() == number) {
        return number + ": " + kib + " KiB\n\n";
      }
      text.append(String.format(Locale.ROOT, "%5d: %10d KiB%n", number, kib));
    }
    if (one.isPresent()) {
      throw new ControlException(Outcome.NOT_FOUND, "this host has no NUMA cell " + one.get());
    }
    return in.flag("all")
        ? text + "-".repeat(20) + String.format(Locale.ROOT, "%nTotal: %10d KiB%n%n", total)
        : "Total: " + total + " KiB\n\n";
  }

  private static Outcome pages(Invocation in) throws IOException {
    refuseBoth(in);
    if (!in.flag("all") && in.value("cellno").isEmpty()) {
      throw new ControlException(Outcome.USAGE, "'freepages' needs --cellno or --all");
    }
    Optional<Long> cell = in.number("cellno", 0);
    Optional<Long> size = in.value("pagesize").map(text -> Sizes.bytes("--pagesize", text, KIB));
    return Requests.print(
        in, "freepages", Json.object(), reply -> pages(reply, cell, size.map(b -> b / KIB)));
  }

  private static String pages(Json reply, Optional<Long> cell, Optional<Long> size) {
    StringBuilder text = new StringBuilder();
    long last = -1;
    boolean found = false;
    for (Members row : Requests.rows(reply)) {
      long number = row.findWhole("cell").orElse(0L);
      long kib = row.findWhole("sizeKib").orElse(0L);
      if (cell.isPresent() && cell.get() != number || size.isPresent() && size.get() != kib) {
        continue;
      }
      found = true;
      if (cell.isEmpty() && number != last) {
        text.append(last < 0 ? "" : "\n").append("Node ").append(number).append(":\n");
        last = number;
      }
      text.append(kib).append("KiB: ").append(Requests.cell(row, "free", "0")).append('\n');
    }
    if (!found) {
      throw new ControlException(
          Outcome.NOT_FOUND, "this host has no such NUMA cell, or no pages of that size");
    }
    return text.append(cell.isEmpty() ? "\n\n" : "\n").toString();
  }

  private static Outcome allocate(Invocation in) throws IOException {
    refuseBoth(in);
    long size = Sizes.bytes("pagesize", in.operand("pagesize"), KIB) / KIB;
    Members what =
        Json.object(
            "sizeKib", size,
            "count", Numbers.whole("pagecount", in.operand("pagecount"), 0),
            "cell", in.number("cellno", 0),
            "add", in.flag("add"));
    return Requests.say(in, "allocpages", what, "");
  }
}
