package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that change how much a guest has, and what is said of it. */
final class AmountVerbs implements VerbFamily {
  private static final long KIB = 1024;
  private static final double NANOSECONDS_PER_SECOND = 1e9;

  @Override
  public String title() {
    return "Memory, processors, description";
  }

  @Override
  public List<String> names() {
    return List.of(
        "setmem",
        "setmaxmem",
        "setvcpus",
        "vcpucount",
        "vcpuinfo",
        "set-lifecycle-action",
        "desc",
        "metadata");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "setmem" ->
          Scopes.options(
              new Verb(
                      name,
                      "leave a guest more or less memory (KiB without a unit)",
                      AmountVerbs::memory)
                  .operand(Requests.DOMAIN)
                  .operand("size"));
      case "setmaxmem" ->
          Scopes.options(
              new Verb(name, "change a guest's most memory", AmountVerbs::mostMemory)
                  .operand(Requests.DOMAIN)
                  .operand("size"));
      case "setvcpus" ->
          Scopes.options(
                  new Verb(name, "change a guest's number of processors", AmountVerbs::processors)
                      .operand(Requests.DOMAIN)
                      .operand("count"))
              .flag("maximum", "how many it may have, from its next start on")
              .flag("hotpluggable", "that can be plugged out again (so anyway)")
              .flag("guest", "switch them on or off inside the guest, by its agent");
      case "vcpucount" ->
          Scopes.options(
                  new Verb(name, "show a guest's number of processors", AmountVerbs::counts)
                      .operand(Requests.DOMAIN))
              .flag("maximum", "how many it may have")
              .flag("active", "how many it has")
              .flag("guest", "how many work inside the guest, by its agent");
      case "vcpuinfo" ->
          new Verb(name, "show what a guest's processors do", AmountVerbs::present)
              .operand(Requests.DOMAIN)
              .flag("pretty", "affinity for people");
      case "set-lifecycle-action" ->
          Scopes.options(
              new Verb(
                      name,
                      "change what a guest's power-off, reboot or crash does",
                      AmountVerbs::lifecycle)
                  .operand(Requests.DOMAIN)
                  .operand("type")
                  .operand("action"));
      case "desc" ->
          Scopes.options(
                  new Verb(
                          name,
                          "show or change a guest's description or title",
                          AmountVerbs::describe)
                      .operand(Requests.DOMAIN)
                      .optionalOperands("new-desc"))
              .flag("title", "the title")
              .flag("edit", "change it in $VISUAL or $EDITOR");
      case "metadata" -> GuestMetadata.verb(name);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Outcome silent(Invocation in, Members arguments) throws IOException {
    return Requests.say(
        in, in.verb().name(), Requests.guest(in).with(arguments).with(Scopes.of(in)), "");
  }

  private static Outcome memory(Invocation in) throws IOException {
    long kib = Sizes.bytes("size", in.operand("size"), KIB) / KIB;
    return silent(in, Json.object("kib", kib));
  }

  private static Outcome mostMemory(Invocation in) throws IOException {
    if (in.flag("live")) {
      throw new ControlException(
          Outcome.USAGE, "a running guest keeps its most memory: use --config");
    }
    return memory(in);
  }

  private static Outcome processors(Invocation in) throws IOException {
    long count = Numbers.whole("count", in.operand("count"), 1);
    if (in.flag("guest")) {
      if (in.flag("config") || in.flag("maximum") || in.flag("hotpluggable")) {
        throw new ControlException(
            Outcome.USAGE, "--guest is about the running guest: leave the other options out");
      }
      return GuestProcessors.count(in, count);
    }
    if (in.flag("maximum") && in.flag("live")) {
      throw new ControlException(
          Outcome.USAGE, "--maximum changes from the next start on: use --config with it");
    }
    return silent(in, Json.object("count", count, "maximum", in.flag("maximum")));
  }

  private static Outcome counts(Invocation in) throws IOException {
    if (in.flag("maximum") && in.flag("active")) {
      throw new ControlException(Outcome.USAGE, "--maximum or --active, not both");
    }
    if (in.flag("live") && in.flag("config")) {
      throw new ControlException(Outcome.USAGE, "--live or --config, not both");
    }
    if (in.flag("guest")) {
      long working = GuestProcessors.working(in);
      if (in.options().json()) {
        in.output().json(Json.object("guest", working));
      } else {
        in.output().text(working + "\n\n");
      }
      return Outcome.DONE;
    }
    return Requests.print(
        in,
        "vcpucount",
        Requests.guest(in),
        reply -> {
          Members counts = Requests.members(reply);
          boolean one =
              in.flag("maximum")
                  || in.flag("active")
                  || in.flag("live")
                  || in.flag("config")
                  || in.flag("current");
          return one ? oneCount(in, counts) : allCounts(counts);
        });
  }

  private static String allCounts(Members counts) {
    StringBuilder text = new StringBuilder();
    for (String row : List.of("maximum", "current")) {
      for (String column : List.of("config", "live")) {
        String member = row + (column.equals("live") ? "Live" : "Config");
        counts
            .findWhole(member)
            .ifPresent(count ->
                text.append(String.format(Locale.ROOT, "%-12s %-12s %3d%n", row, column, count)));
      }
    }
    return text.append('\n').toString();
  }

  private static String oneCount(Invocation in, Members counts) {
    boolean live =
        in.flag("live") || !in.flag("config") && counts.findWhole("currentLive").isPresent();
    String member = (in.flag("maximum") ? "maximum" : "current") + (live ? "Live" : "Config");
    Optional<Long> count = counts.findWhole(member);
    return count.orElseThrow(() ->
        new ControlException(
            Outcome.WRONG_STATE,
            "guest '"
                + in.operand(Requests.DOMAIN)
                + (live ? "' is not running" : "' has no definition")))
        + "\n\n";
  }

  private static Outcome present(Invocation in) throws IOException {
    boolean pretty = in.flag("pretty");
    return Requests.print(
        in,
        "vcpuinfo",
        Requests.guest(in),
        reply -> {
          StringBuilder text = new StringBuilder();
          for (Members cpu : Requests.rows(reply)) {
            long hostCpus = cpu.findWhole("hostCpus").orElse(0L);
            String affinity = Requests.cell(cpu, "affinity", "");
            Labels labels = new Labels(15);
            labels.line("VCPU", Requests.cell(cpu, "vcpu", "-"));
            labels.line("CPU", Requests.cell(cpu, "cpu", "N/A"));
            labels.line("State", Requests.cell(cpu, "state", "N/A"));
            cpu.findWhole("cpuTimeNanos")
                .ifPresent(time ->
                    labels.line(
                        "CPU time",
                        String.format(Locale.ROOT, "%.1fs", time / NANOSECONDS_PER_SECOND)));
            labels.line(
                "CPU Affinity",
                pretty
                    ? affinity + " (out of " + hostCpus + ")"
                    : HostCpuMap.marks(affinity, (int) hostCpus));
            text.append(labels);
          }
          return text.toString();
        });
  }

  private static Outcome lifecycle(Invocation in) throws IOException {
    return silent(in, Json.object("event", in.operand("type"), "action", in.operand("action")));
  }

  private static Outcome describe(Invocation in) throws IOException {
    boolean title = in.flag("title");
    Members which = Json.object("title", title).with(Scopes.of(in));
    if (in.flag("edit")) {
      return edit(in, which, title ? "title" : "description");
    }
    if (!in.operands().containsKey("new-desc")) {
      return Requests.print(
          in,
          "desc",
          Requests.guest(in).with(which),
          reply -> {
            String words = Requests.cell(Requests.members(reply), "words", "");
            String none =
                "No "
                    + (title ? "title" : "description")
                    + " for domain: "
                    + in.operand(Requests.DOMAIN);
            return (words.isEmpty() ? none : words) + "\n";
          });
    }
    String words = String.join(" ", in.operands("new-desc"));
    return Requests.say(
        in,
        "set-desc",
        Requests.guest(in).with(which).with(Json.object("words", words)),
        "Domain " + (title ? "title" : "description") + " updated successfully");
  }

  private static Outcome edit(Invocation in, Members which, String what) throws IOException {
    Members asked = Requests.guest(in).with(which);
    String before =
        Requests.cell(Requests.members(in.session().client().ask("desc", asked)), "words", "");
    return Edit.of(
        in,
        before,
        "Domain " + what,
        (words, _) ->
            in.session()
                .client()
                .ask("set-desc", asked.with(Json.object("words", words.stripTrailing()))));
  }
}
