package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that look at guests. */
final class LookVerbs implements VerbFamily {
  private static final double NANOSECONDS_PER_SECOND = 1e9;

  @Override
  public String title() {
    return "Looking at guests";
  }

  @Override
  public List<String> names() {
    return List.of(
        "list",
        "dominfo",
        "domstate",
        "domid",
        "domname",
        "domuuid",
        "domblklist",
        "domiflist",
        "domstats",
        "dommemstat",
        "domdisplay",
        "vncdisplay",
        "event");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "list" -> GuestList.verb();
      case "dominfo" ->
          new Verb(name, "show what a guest is", LookVerbs::dominfo).operand(Requests.DOMAIN);
      case "domstate" ->
          new Verb(name, "show a guest's state", LookVerbs::domstate)
              .operand(Requests.DOMAIN)
              .flag("reason", "and why it is in it");
      case "domid" -> identity(name, "show a guest's id", "id");
      case "domname" -> identity(name, "show a guest's name", "name");
      case "domuuid" -> identity(name, "show a guest's UUID", "uuid");
      case "domblklist" ->
          new Verb(name, "show a guest's disks", LookVerbs::disks)
              .operand(Requests.DOMAIN)
              .flag("details", "with type and device")
              .flag("inactive", "as defined, not as running");
      case "domiflist" ->
          new Verb(name, "show a guest's network interfaces", LookVerbs::interfaces)
              .operand(Requests.DOMAIN)
              .flag("inactive", "as defined, not as running");
      case "domstats" -> DomStats.verb();
      case "dommemstat" ->
          Scopes.options(
              new Verb(name, "show a guest's memory", LookVerbs::memory)
                  .operand(Requests.DOMAIN)
                  .option(
                      "period", "seconds", "ask the guest for its numbers that often; 0 never"));
      case "domdisplay" ->
          new Verb(name, "show where a guest's screen can be seen", LookVerbs::display)
              .operand(Requests.DOMAIN)
              .option("type", "type", "of that type: vnc or spice")
              .flag("include-password", "with its password, for managers")
              .flag("all", "all of them, not the first");
      case "vncdisplay" ->
          new Verb(name, "show the number of a guest's VNC display", LookVerbs::vnc)
              .operand(Requests.DOMAIN);
      case "event" -> Events.verb();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb identity(String name, String summary, String member) {
    return new Verb(
            name,
            summary,
            in ->
                Requests.print(
                    in,
                    "identify",
                    Requests.guest(in),
                    reply -> Requests.cell(Requests.members(reply), member, "-") + "\n\n"))
        .operand(Requests.DOMAIN);
  }

  private static Outcome dominfo(Invocation in) throws IOException {
    return Requests.print(
        in, "dominfo", Requests.guest(in), reply -> info(Requests.members(reply)));
  }

  private static String info(Members guest) {
    Labels labels = new Labels(15);
    labels.line("Id", Requests.cell(guest, "id", "-"));
    labels.line("Name", guest.text("name")).line("UUID", guest.text("uuid"));
    labels.line("OS Type", Requests.cell(guest, "osType", "-"));
    labels.line("State", guest.text("state")).line("CPU(s)", Requests.cell(guest, "cpus", "-"));
    Optional<Long> cpuTime = guest.findWhole("cpuTimeNanos");
    if (cpuTime.isPresent()) {
      double seconds = cpuTime.get() / NANOSECONDS_PER_SECOND;
      labels.line("CPU time", String.format(Locale.ROOT, "%.1fs", seconds));
    }
    labels.line("Max memory", Requests.cell(guest, "maxMemoryKib", "0") + " KiB");
    labels.line("Used memory", Requests.cell(guest, "usedMemoryKib", "0") + " KiB");
    labels.line("Persistent", Requests.cell(guest, "persistent", "no"));
    labels.line("Autostart", guest.isTrue("autostart") ? "enable" : "disable");
    labels.line("Managed save", Requests.cell(guest, "managedSave", "no"));
    labels.line("Security model", Requests.cell(guest, "securityModel", "none"));
    labels.line("Security DOI", Requests.cell(guest, "securityDoi", "0"));
    guest.findText("securityLabel").ifPresent(label -> labels.line("Security label", label));
    return labels.toString();
  }

  private static Outcome domstate(Invocation in) throws IOException {
    return Requests.print(
        in,
        "domstate",
        Requests.guest(in),
        reply -> {
          Members state = Requests.members(reply);
          String reason =
              in.flag("reason") ? " (" + Requests.cell(state, "reason", "unknown") + ")" : "";
          return state.text("state") + reason + "\n\n";
        });
  }

  private static Outcome disks(Invocation in) throws IOException {
    boolean details = in.flag("details");
    return Requests.print(
        in,
        "domblklist",
        Requests.guest(in).with(Json.object("inactive", in.flag("inactive"))),
        reply -> {
          Table table =
              details
                  ? new Table("Type", "Device", "Target", "Source")
                  : new Table("Target", "Source");
          for (Members disk : Requests.rows(reply)) {
            String target = Requests.cell(disk, "target", "-");
            String source = Requests.cell(disk, "source", "-");
            if (details) {
              table.row(
                  Requests.cell(disk, "type", "-"),
                  Requests.cell(disk, "device", "-"),
                  target,
                  source);
            } else {
              table.row(target, source);
            }
          }
          return table.toString();
        });
  }

  private static Outcome interfaces(Invocation in) throws IOException {
    return Requests.print(
        in,
        "domiflist",
        Requests.guest(in).with(Json.object("inactive", in.flag("inactive"))),
        reply -> {
          Table table = new Table("Interface", "Type", "Source", "Model", "MAC");
          for (Members card : Requests.rows(reply)) {
            table.row(
                Requests.cell(card, "interface", "-"),
                Requests.cell(card, "type", "-"),
                Requests.cell(card, "source", "-"),
                Requests.cell(card, "model", "-"),
                Requests.cell(card, "mac", "-"));
          }
          return table.toString();
        });
  }

  private static Outcome memory(Invocation in) throws IOException {
    if (in.value("period").isPresent()) {
      Members period =
          Requests.guest(in)
              .with(Json.object("seconds", in.number("period", 0)))
              .with(Scopes.of(in));
      return Requests.say(in, "dommemstat-period", period, "");
    }
    return Requests.print(
        in,
        "dommemstat",
        Requests.guest(in),
        reply -> {
          StringBuilder text = new StringBuilder();
          Members stats = Requests.members(reply);
          for (String name : stats.members().keySet()) {
            text.append(name).append(' ').append(Requests.cell(stats, name, "")).append('\n');
          }
          return text.append('\n').toString();
        });
  }

  private static Outcome display(Invocation in) throws IOException {
    Members how =
        Json.object(
            "type", in.value("type"),
            "all", in.flag("all"),
            "secrets", in.flag("include-password"));
    return Requests.print(
        in,
        "domdisplay",
        Requests.guest(in).with(how),
        reply -> Requests.members(reply).text("uri") + "\n\n");
  }

  /** As virsh: {@code 127.0.0.1:0}, or {@code :0} where it listens everywhere. */
  private static Outcome vnc(Invocation in) throws IOException {
    return Requests.print(
        in,
        "domdisplay",
        Requests.guest(in).with(Json.object("type", "vnc:")),
        reply ->
            Requests.members(reply).text("uri").replaceFirst("^vnc://(0\\.0\\.0\\.0)?", "")
                + "\n\n");
  }
}
