package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import launcher.control.Client;
import launcher.control.Json;
import launcher.control.Outcome;

/** Verbs about this program and this host. */
final class HostVerbs implements VerbFamily {
  @Override
  public String title() {
    return "Host and program";
  }

  @Override
  public List<String> names() {
    return List.of("nodeinfo", "capabilities", "domcapabilities", "version", "help", "complete");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "help" ->
          new Verb("help", "list the verbs, or explain one", HostVerbs::help)
              .optionalOperand("verb");
      case "version" ->
          new Verb("version", "show the versions of launcher", HostVerbs::version)
              .flag("daemon", "that of the daemon too (so anyway)");
      case "complete" ->
          new Verb(
                  name,
                  "show what the last word may become, for a shell's completion",
                  in -> new Completion(in).run())
              .optionalOperands("word");
      case "capabilities" ->
          new Verb(
              name,
              "show what this host and its emulators can do, as XML",
              in -> xml(in, Json.object()));
      case "domcapabilities" ->
          new Verb(name, "show what a guest may be on this host, as XML", HostVerbs::domain)
              .option("virttype", "type", "qemu or kvm; kvm where it can be used")
              .option("emulatorbin", "path", "the emulator")
              .option("arch", "name", "the guest's architecture")
              .option("machine", "type", "the machine");
      case "nodeinfo" -> new Verb(name, "show what this host is", HostVerbs::nodeinfo);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Outcome help(Invocation in) {
    Optional<Verb> verb = in.findOperand("verb").map(Families::get);
    if (in.options().json()) {
      in.output().json(verb.map(Help::described).orElseGet(Help::table));
      return Outcome.DONE;
    }
    in.output().text(verb.map(Help::of).orElseGet(Help::overview));
    return Outcome.DONE;
  }

  /** Prints the XML that the daemon's verb of the same name has. */
  static Outcome xml(Invocation in, Json.Members what) throws IOException {
    return Requests.print(
        in, in.verb().name(), what, reply -> Requests.members(reply).text("xml") + "\n");
  }

  private static Outcome domain(Invocation in) throws IOException {
    return xml(
        in,
        Json.object(
            "type", in.value("virttype"),
            "emulator", in.value("emulatorbin").map(Requests::absolute),
            "arch", in.value("arch"),
            "machine", in.value("machine")));
  }

  private static Outcome version(Invocation in) throws IOException {
    String own = Version.text();
    Optional<Client> client = in.session().clientIfRunning();
    Optional<String> daemon = client.map(Client::daemonVersion);
    Optional<String> emulator = Optional.empty();
    if (client.isPresent()) {
      emulator = Requests.members(client.get().ask("emulator", Json.object())).findText("version");
    }
    if (in.options().json()) {
      in.output().json(Json.object("launcher", own, "daemon", daemon, "qemu", emulator));
    } else {
      in.output().line("launcher " + own);
      daemon.ifPresent(version -> in.output().line("daemon " + version));
      emulator.ifPresent(version -> in.output().line("Running hypervisor: QEMU " + version));
    }
    return Outcome.DONE;
  }

  private static Outcome nodeinfo(Invocation in) throws IOException {
    return Requests.print(
        in,
        "nodeinfo",
        Json.object(),
        reply -> {
          Json.Members host = Requests.members(reply);
          return new Labels(20)
              .line("CPU model", Requests.cell(host, "cpuModel", "-"))
              .line("CPU(s)", Requests.cell(host, "cpus", "-"))
              .line("CPU frequency", Requests.cell(host, "mhz", "0") + " MHz")
              .line("CPU socket(s)", Requests.cell(host, "sockets", "-"))
              .line("Core(s) per socket", Requests.cell(host, "cores", "-"))
              .line("Thread(s) per core", Requests.cell(host, "threads", "-"))
              .line("NUMA cell(s)", Requests.cell(host, "nodes", "-"))
              .line("Memory size", Requests.cell(host, "memoryKib", "0") + " KiB")
              .toString();
        });
  }
}
