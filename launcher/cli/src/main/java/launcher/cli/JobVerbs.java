package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs about what a guest is in the middle of, and what is done to it from outside. */
final class JobVerbs implements VerbFamily {
  private static final double MIB = 1024 * 1024;
  private static final long NANOSECONDS_PER_SECOND = 1_000_000_000;

  @Override
  public String title() {
    return "Work under way, signals";
  }

  @Override
  public List<String> names() {
    return List.of(
        "domjobinfo",
        "domjobabort",
        "domcontrol",
        "domdirtyrate-calc",
        "cpu-stats",
        "inject-nmi",
        "dompmsuspend",
        "dompmwakeup",
        "send-process-signal",
        "domlaunchsecinfo");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "domjobinfo" ->
          new Verb(name, "show how far a save, restore or dump is", JobVerbs::info)
              .operand(Requests.DOMAIN)
              .flag("rawstats", "as names and numbers");
      case "domjobabort" -> silent(name, "give up a save that is under way; the guest goes on");
      case "domcontrol" ->
          new Verb(name, "show whether a guest's emulator can be told anything", JobVerbs::control)
              .operand(Requests.DOMAIN);
      case "domdirtyrate-calc" ->
          new Verb(
                  name,
                  "measure how fast a guest writes its memory; domstats --dirtyrate tells",
                  JobVerbs::dirtyRate)
              .operand(Requests.DOMAIN)
              .option("seconds", "number", "how long, 1 to 60")
              .option("mode", "mode", "page-sampling (so without this), dirty-bitmap, dirty-ring");
      case "cpu-stats" ->
          new Verb(name, "show the processor time a guest has used", JobVerbs::processorTime)
              .operand(Requests.DOMAIN)
              .flag("total", "on all processors together (so anyway)");
      case "inject-nmi" -> silent(name, "interrupt guests as a fault of the hardware would");
      case "dompmsuspend" ->
          new Verb(name, "have a guest fall asleep, by its agent", JobVerbs::sleep)
              .operand(Requests.DOMAIN)
              .operand("mem|disk|hybrid")
              .option("duration", "seconds", "0 only: nobody wakes it by itself");
      case "dompmwakeup" ->
          new Verb(
                  name,
                  "wake guests that sleep",
                  in -> Requests.each(in, name, Json.object(), "Domain %s successfully woken up"))
              .operands(Requests.DOMAIN);
      case "send-process-signal" ->
          new Verb(name, "send a signal to a process of a container", JobVerbs::signal)
              .operand(Requests.DOMAIN)
              .operand("pid")
              .operand("signame");
      case "domlaunchsecinfo" ->
          new Verb(name, "show by what a confidential guest is measured", JobVerbs::security)
              .operand(Requests.DOMAIN);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb silent(String name, String summary) {
    return new Verb(
            name,
            summary,
            in ->
                new ManyNames(in, name)
                    .run(
                        in.operands(Requests.DOMAIN),
                        guest -> Json.object("guest", guest),
                        (guest, reply) -> ""))
        .operands(Requests.DOMAIN);
  }

  private static Outcome info(Invocation in) throws IOException {
    return Requests.print(
        in,
        "domjobinfo",
        Requests.guest(in),
        reply -> {
          Members job = Requests.members(reply);
          Members numbers = job.object("numbers");
          return in.flag("rawstats") ? raw(numbers) : text(job.text("operation"), numbers);
        });
  }

  private static String raw(Members numbers) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Json> number : numbers.members().entrySet()) {
      text.append(number.getKey().replace('-', '_')).append(": ");
      text.append(Requests.cell(numbers, number.getKey(), "")).append('\n');
    }
    return text.append('\n').toString();
  }

  private static String text(String operation, Members numbers) {
    StringBuilder text = new StringBuilder();
    if (operation.isEmpty()) {
      return line(text, "Job type:", "None").append('\n').toString();
    }
    line(text, "Job type:", "Unbounded");
    String word = operation.substring(0, 1).toUpperCase(Locale.ROOT) + operation.substring(1);
    line(text, "Operation:", word);
    count(text, "Time elapsed:", numbers.findWhole("time-elapsed"), " ms");
    for (String part : List.of("processed", "remaining", "total")) {
      size(text, "Memory " + part + ":", numbers.findWhole("memory-" + part));
    }
    count(text, "Dirty rate:", numbers.findWhole("memory-dirty-rate"), " pages/s");
    count(text, "Iteration:", numbers.findWhole("iteration"), "");
    count(text, "Constant pages:", numbers.findWhole("constant-pages"), "");
    count(text, "Normal pages:", numbers.findWhole("normal-pages"), "");
    size(text, "Normal data:", numbers.findWhole("normal-data"));
    return text.append('\n').toString();
  }

  private static void count(StringBuilder text, String label, Optional<Long> number, String unit) {
    number.ifPresent(
        value -> text.append(String.format(Locale.ROOT, "%-17s %-12d%s%n", label, value, unit)));
  }

  private static void size(StringBuilder text, String label, Optional<Long> bytes) {
    bytes.ifPresent(value ->
        text.append(String.format(Locale.ROOT, "%-17s %-12.3f MiB%n", label, value / MIB)));
  }

  private static StringBuilder line(StringBuilder text, String label, String value) {
    return text.append(String.format(Locale.ROOT, "%-17s %-12s%n", label, value));
  }

  private static Outcome control(Invocation in) throws IOException {
    return Requests.print(
        in,
        "domcontrol",
        Requests.guest(in),
        reply -> {
          Members state = Requests.members(reply);
          return switch (state.text("state")) {
            case "job" -> "job: " + Requests.cell(state, "act", "") + "\n\n";
            case "error" -> "error: its emulator does not answer\n\n";
            default -> state.text("state") + "\n\n";
          };
        });
  }

  private static Outcome dirtyRate(Invocation in) throws IOException {
    Members how = Json.object("seconds", in.number("seconds", 1), "mode", in.value("mode"));
    return Requests.say(
        in,
        "domdirtyrate-calc",
        Requests.guest(in).with(how),
        "Start to calculate domain's memory dirty rate successfully.");
  }

  private static Outcome processorTime(Invocation in) throws IOException {
    Members stats = UsageVerbs.statistics(in);
    if (in.options().json()) {
      in.output()
          .json(
              Json.object(
                  "cpuTimeNanos", stats.findWhole("cpu.time"),
                  "userTimeNanos", stats.findWhole("cpu.user"),
                  "systemTimeNanos", stats.findWhole("cpu.system")));
      return Outcome.DONE;
    }
    StringBuilder text = new StringBuilder("Total:\n");
    for (String kind : List.of("time", "user", "system")) {
      String label = kind.equals("time") ? "cpu_time" : kind + "_time";
      long nanos = stats.findWhole("cpu." + kind).orElse(0L);
      text.append(
          String.format(
              Locale.ROOT,
              "\t%-12s %9d.%09d seconds%n",
              label,
              nanos / NANOSECONDS_PER_SECOND,
              nanos % NANOSECONDS_PER_SECOND));
    }
    in.output().text(text.append('\n').toString());
    return Outcome.DONE;
  }

  private static Outcome sleep(Invocation in) throws IOException {
    if (in.number("duration", 0).orElse(0L) > 0) {
      throw new ControlException(
          Outcome.USAGE, "--duration is 0: wake the guest by dompmwakeup when it is time");
    }
    return Requests.say(
        in,
        "dompmsuspend",
        Requests.guest(in).with(Json.object("target", in.operand("mem|disk|hybrid"))),
        "Domain '" + in.operand(Requests.DOMAIN) + "' successfully suspended");
  }

  // signal(7), in the order of their numbers
  private static List<String> signals() {
    return List.of(
        "nop", "hup", "int", "quit", "ill", "trap", "abrt", "bus", "fpe", "kill", "usr1", "segv",
        "usr2", "pipe", "alrm", "term", "stkflt", "chld", "cont", "stop", "tstp", "ttin", "ttou",
        "urg", "xcpu", "xfsz", "vtalrm", "prof", "winch", "poll", "pwr", "sys");
  }

  private static long number(String word) {
    String plain = word.toLowerCase(Locale.ROOT).replaceFirst("^sig_?", "");
    int known = signals().indexOf(plain);
    if (known >= 0) {
      return known;
    }
    // real-time signals: rt0 is number 32, as in virsh
    if (plain.matches("rt_?([0-9]|[12][0-9]|3[0-2])")) {
      return 32 + Long.parseLong(plain.replaceFirst("rt_?", ""));
    }
    if (plain.matches("[0-9]{1,2}") && Integer.parseInt(plain) <= 64) {
      return Long.parseLong(plain);
    }
    throw new ControlException(
        Outcome.USAGE,
        "there is no signal '" + word + "'" + Spelling.hint(plain, signals()) + ": see signal(7)");
  }

  private static Outcome signal(Invocation in) throws IOException {
    long pid = Numbers.whole("pid", in.operand("pid"), 1);
    Members what = Json.object("pid", pid, "signal", number(in.operand("signame")));
    return Requests.say(in, "send-process-signal", Requests.guest(in).with(what), "");
  }

  private static Outcome security(Invocation in) throws IOException {
    return Requests.print(
        in,
        "domlaunchsecinfo",
        Requests.guest(in),
        reply -> {
          Members facts = Requests.members(reply);
          StringBuilder text = new StringBuilder();
          for (String name : facts.members().keySet()) {
            text.append(String.format(Locale.ROOT, "%-15s: ", name));
            text.append(facts.text(name)).append('\n');
          }
          return text.isEmpty()
              ? "This guest is not confidential: its XML has no <launchSecurity>\n\n"
              : text + "\n";
        });
  }
}
