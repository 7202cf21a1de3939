package launcher.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs about the threads of guests: where on the host they run, and which serve disks. */
final class ThreadVerbs implements VerbFamily {
  private static final List<String> SETTINGS =
      List.of("poll-max-ns", "poll-grow", "poll-shrink", "thread-pool-min", "thread-pool-max");

  @Override
  public String title() {
    return "Threads of guests";
  }

  @Override
  public List<String> names() {
    return List.of(
        "vcpupin",
        "emulatorpin",
        "setvcpu",
        "iothreadinfo",
        "iothreadadd",
        "iothreaddel",
        "iothreadpin",
        "iothreadset",
        "numatune");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "vcpupin" ->
          Scopes.options(
              new Verb(
                      name,
                      "show or choose the host's processors for a guest's",
                      ThreadVerbs::processors)
                  .operand(Requests.DOMAIN)
                  .optionalOperand("vcpu")
                  .optionalOperand("cpulist"));
      case "emulatorpin" ->
          Scopes.options(
              new Verb(
                      name,
                      "show or choose the host's processors for all else of a guest",
                      ThreadVerbs::emulator)
                  .operand(Requests.DOMAIN)
                  .optionalOperand("cpulist"));
      case "setvcpu" ->
          Scopes.options(
              new Verb(name, "plug single processors in or out", ThreadVerbs::plug)
                  .operand(Requests.DOMAIN)
                  .operand("vcpulist")
                  .flag("enable", "plug them in")
                  .flag("disable", "plug them out"));
      case "iothreadinfo" ->
          Scopes.options(
              new Verb(name, "show a guest's I/O threads", ThreadVerbs::ioThreads)
                  .operand(Requests.DOMAIN));
      case "iothreadadd" -> ofOne(name, "give a guest one more I/O thread");
      case "iothreaddel" -> ofOne(name, "take an I/O thread from a guest");
      case "iothreadpin" ->
          ofOne(name, "choose the host's processors for an I/O thread").operand("cpulist");
      case "iothreadset" -> settings(name);
      case "numatune" ->
          Scopes.options(
                  new Verb(
                          name,
                          "show or choose the host's memory nodes for a guest",
                          ThreadVerbs::memoryNodes)
                      .operand(Requests.DOMAIN))
              .option("mode", "mode", "strict, preferred, interleave or restrictive")
              .option("nodeset", "set", "of the host's memory nodes, such as 0-1");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb ofOne(String name, String summary) {
    return Scopes.options(
        new Verb(name, summary, ThreadVerbs::ioThread).operand(Requests.DOMAIN).operand("id"));
  }

  private static Verb settings(String name) {
    Verb verb =
        new Verb(name, "change how an I/O thread of a running guest works", ThreadVerbs::set)
            .operand(Requests.DOMAIN)
            .operand("id")
            .flag("live", "the running guest (so anyway)")
            .flag("current", "the running guest (so anyway)");
    SETTINGS.forEach(setting -> verb.option(setting, "number", "QEMU's property of that name"));
    return verb;
  }

  private static Members threads(Invocation in, String threads) {
    return Requests.guest(in).with(Json.object("threads", threads)).with(Scopes.of(in));
  }

  private static Outcome pin(Invocation in, String threads, long number, String cpus)
      throws IOException {
    return Requests.say(
        in, "pin", threads(in, threads).with(Json.object("number", number, "cpus", cpus)), "");
  }

  private static Outcome processors(Invocation in) throws IOException {
    Optional<Long> one = in.findOperand("vcpu").map(text -> Numbers.whole("vcpu", text, 0));
    Optional<String> cpus = in.findOperand("cpulist");
    if (one.isPresent() && cpus.isPresent()) {
      return pin(in, "vcpu", one.get(), cpus.get());
    }
    if (cpus.isPresent()) {
      throw new ControlException(Outcome.USAGE, "'vcpupin' with <cpulist> needs <vcpu> too");
    }
    return Requests.print(in, "pins", threads(in, "vcpu"), reply -> table(in, reply, "VCPU", one));
  }

  private static Outcome ioThreads(Invocation in) throws IOException {
    return Requests.print(
        in,
        "pins",
        threads(in, "iothread"),
        reply ->
            Requests.rows(reply).isEmpty()
                ? "No IOThreads found for the domain\n\n"
                : table(in, reply, "IOThread ID", Optional.empty()));
  }

  private static String table(Invocation in, Json reply, String title, Optional<Long> one) {
    Table table = new Table(title, "CPU Affinity");
    boolean found = false;
    for (Members thread : Requests.rows(reply)) {
      if (one.isEmpty() || one.equals(thread.findWhole("number"))) {
        found = true;
        table.row(Requests.cell(thread, "number", "-"), Requests.cell(thread, "affinity", "-"));
      }
    }
    if (!found) {
      throw new ControlException(
          Outcome.NOT_FOUND,
          "guest '"
              + in.operand(Requests.DOMAIN)
              + "' has no processor "
              + one.map(String::valueOf).orElse(""));
    }
    return table.toString();
  }

  private static Outcome emulator(Invocation in) throws IOException {
    Optional<String> cpus = in.findOperand("cpulist");
    if (cpus.isPresent()) {
      return pin(in, "emulator", 0, cpus.get());
    }
    return Requests.print(
        in,
        "pins",
        threads(in, "emulator"),
        reply ->
            "emulator: CPU Affinity\n----------------------------------\n       *: "
                + Requests.cell(Requests.rows(reply).getFirst(), "affinity", "-")
                + "\n\n");
  }

  private static Outcome ioThread(Invocation in) throws IOException {
    long id = Numbers.whole("id", in.operand("id"), 1);
    if (in.verb().name().equals("iothreadpin")) {
      return pin(in, "iothread", id, in.operand("cpulist"));
    }
    Members which = Requests.guest(in).with(Json.object("number", id)).with(Scopes.of(in));
    return Requests.say(in, in.verb().name(), which, "");
  }

  private static Outcome set(Invocation in) throws IOException {
    long id = Numbers.whole("id", in.operand("id"), 1);
    Map<String, Long> values = new LinkedHashMap<>();
    for (String setting : SETTINGS) {
      in.number(setting, 0).ifPresent(value -> values.put(setting, value));
    }
    if (values.isEmpty()) {
      throw new ControlException(
          Outcome.USAGE, "'iothreadset' needs one of --" + String.join(", --", SETTINGS));
    }
    Members which = Requests.guest(in).with(Json.object("number", id, "values", values));
    return Requests.say(in, "iothreadset", which, "");
  }

  private static Outcome plug(Invocation in) throws IOException {
    if (in.flag("enable") == in.flag("disable")) {
      throw new ControlException(Outcome.USAGE, "'setvcpu' needs one of --enable and --disable");
    }
    Members which = Json.object("vcpus", in.operand("vcpulist"), "enable", in.flag("enable"));
    return Requests.say(in, "setvcpu", Requests.guest(in).with(which).with(Scopes.of(in)), "");
  }

  private static Outcome memoryNodes(Invocation in) throws IOException {
    Optional<String> mode = in.value("mode");
    Optional<String> nodes = in.value("nodeset");
    Members guest = Requests.guest(in).with(Scopes.of(in));
    if (mode.isPresent() || nodes.isPresent()) {
      return Requests.say(
          in, "set-numatune", guest.with(Json.object("mode", mode, "nodeset", nodes)), "");
    }
    return Requests.print(
        in,
        "numatune",
        guest,
        reply -> {
          Members said = Requests.members(reply);
          return "numa_mode      : "
              + Requests.cell(said, "mode", "strict")
              + "\nnuma_nodeset   : "
              + Requests.cell(said, "nodeset", "")
              + "\n\n";
        });
  }
}
