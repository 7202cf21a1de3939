package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The verb {@code guests}: all of them, when the host goes down and comes back. */
final class GuestsVerbs implements VerbFamily {
  private static final String ACTION = "suspend|resume|status|import";
  private static final int ATTEMPTS = 4;

  @Override
  public String title() {
    return "Host shutdown";
  }

  @Override
  public List<String> names() {
    return List.of("guests");
  }

  @Override
  public Verb verb(String name) {
    return new Verb(
            name,
            "save or stop every guest, bring them back, or show what would be done",
            GuestsVerbs::run)
        .operand(ACTION)
        .optionalOperand("file")
        .flag(
            "at-shutdown",
            "suspend only when the host is really going down, not at a restart of the service");
  }

  private static Outcome run(Invocation in) throws IOException {
    return switch (in.operand(ACTION)) {
      case "suspend" -> act(in, "guests-suspend");
      case "resume" -> act(in, "guests-resume");
      case "status" ->
          Requests.print(
              in, "guests-status", Json.object(), reply -> status(Requests.members(reply)));
      case "import" -> importPolicy(in);
      default ->
          throw new ControlException(
              Outcome.USAGE,
              "'" + in.operand(ACTION) + "' is none of suspend, resume, status, import");
    };
  }

  /** Shows each line as it comes, and tells the service manager that time passes for a reason. */
  private static Outcome act(Invocation in, String verb) throws IOException {
    Consumer<Json> listener =
        event -> {
          Members members = Requests.members(event);
          members.findWhole("needsSeconds").ifPresent(ServiceNotice::extendTimeout);
          members
              .findText("told")
              .ifPresent(line -> {
                if (!in.options().json()) {
                  in.output().line(Table.printable(line));
                }
              });
        };
    Members arguments = Json.object("atShutdown", in.flag("at-shutdown"));
    Members reply = Requests.members(ask(in, verb, arguments, listener));
    if (in.options().json()) {
      in.output().json(reply);
    }
    return reply.isTrue("succeeded") ? Outcome.DONE : Outcome.FAILED;
  }

  /**
   * Asks the daemon. While the host goes down systemd starts no daemon any more: when the daemon
   * has ended, by whatever accident, another one is started here and asked again. Nothing is done
   * twice by that, for what was done is written down.
   */
  private static Json ask(Invocation in, String verb, Members arguments, Consumer<Json> listener)
      throws IOException {
    int attempts = in.flag("at-shutdown") ? ATTEMPTS : 1;
    while (true) {
      try {
        return in.session().client().ask(verb, arguments, listener);
      } catch (IOException e) {
        if (--attempts == 0) {
          throw e;
        }
      } catch (ControlException e) {
        if (--attempts == 0 || e.outcome() != Outcome.UNREACHABLE) {
          throw e;
        }
      }
      if (!in.session().hasRuns()) {
        return Json.object("succeeded", true);
      }
      in.session().startDaemon();
    }
  }

  private static String status(Members reply) {
    Table table = new Table("Order", "Name", "Memory", "Ladder", "After");
    int order = 1;
    for (Members guest : Requests.rows(reply.find("guests").orElse(Json.object()))) {
      table.row(
          Integer.toString(order++),
          guest.text("name"),
          guest.findWhole("memoryKib").orElse(0L) / 1024 + " MiB",
          guest.text("ladder"),
          Requests.cell(guest, "after", "-"));
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "Budget: "
            + Requests.cell(reply, "budgetSeconds", "-")
            + " s, at most "
            + Requests.cell(reply, "parallel", "-")
            + " at once");
    long needed = reply.findWhole("bytesNeeded").orElse(0L) >> 20;
    long there = reply.findWhole("bytesThere").orElse(0L) >> 20;
    lines.add(
        "Disk: "
            + needed
            + " MiB at most, "
            + there
            + " MiB there"
            + (there < needed ? ": TOO LITTLE" : ""));
    for (Members remark : Requests.rows(reply.find("remarks").orElse(Json.object()))) {
      lines.add("Note: " + remark.text("text"));
    }
    for (Members pending : Requests.rows(reply.find("pending").orElse(Json.object()))) {
      lines.add(
          "Not back yet: "
              + pending.text("name")
              + " ("
              + pending.text("act")
              + ", "
              + pending.text("stage")
              + ")");
    }
    return table + String.join("\n", lines) + "\n";
  }

  private static Outcome importPolicy(Invocation in) throws IOException {
    String file = in.findOperand("file").orElse("/etc/default/libvirt-guests");
    Members arguments = Json.object("text", Requests.file(file), "file", file);
    return Requests.print(
        in, "guests-import", arguments, reply -> Requests.members(reply).text("text"));
  }
}
