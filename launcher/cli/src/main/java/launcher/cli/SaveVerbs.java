package launcher.cli;

import java.io.IOException;
import java.util.List;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that keep a guest's state: saved memory and snapshots. */
final class SaveVerbs implements VerbFamily {
  @Override
  public String title() {
    return "Saved states and snapshots";
  }

  @Override
  public List<String> names() {
    return List.of(
        "save",
        "restore",
        "managedsave",
        "managedsave-remove",
        "snapshot-create-as",
        "snapshot-list",
        "snapshot-revert",
        "snapshot-delete");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "save" ->
          afterwards(new Verb(name, "save a guest's memory to a file and stop it", SaveVerbs::save))
              .operand(Requests.DOMAIN)
              .operand("file");
      case "restore" ->
          afterwards(
                  new Verb(name, "start a guest from a file that save wrote", SaveVerbs::restore))
              .operand("file");
      case "managedsave" ->
          afterwards(
                  new Verb(
                      name,
                      "save guests' memory and stop them; start goes on from there",
                      SaveVerbs::managedSave))
              .operands(Requests.DOMAIN);
      case "managedsave-remove" ->
          new Verb(name, "forget guests' saved memory", SaveVerbs::forgetSaved)
              .operands(Requests.DOMAIN);
      case "snapshot-create-as" ->
          new Verb(name, "take a snapshot of a guest", SaveVerbs::take)
              .operand(Requests.DOMAIN)
              .optionalOperand("name")
              .optionalOperand("description")
              .flag("disk-only", "of the disks only: new files take the further writes");
      case "snapshot-list" ->
          new Verb(name, "list a guest's snapshots", SaveVerbs::snapshots)
              .operand(Requests.DOMAIN)
              .flag("name", "names only");
      case "snapshot-revert" ->
          new Verb(name, "bring a guest back to a snapshot", SaveVerbs::revert)
              .operand(Requests.DOMAIN)
              .operand("snapshotname");
      case "snapshot-delete" ->
          new Verb(name, "delete a snapshot of a guest", SaveVerbs::delete)
              .operand(Requests.DOMAIN)
              .operand("snapshotname");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb afterwards(Verb verb) {
    return verb.flag("running", "let it run when it is started from there")
        .flag("paused", "leave it paused when it is started from there")
        .flag("bypass-cache", "past the page cache")
        .flag("verbose", "show progress (so anyway, on a terminal)");
  }

  private static Members how(Invocation in) {
    return Json.object(
        "running", in.flag("running"),
        "paused", in.flag("paused"),
        "bypassCache", in.flag("bypass-cache"));
  }

  private static Outcome save(Invocation in) throws IOException {
    String file = in.operand("file");
    Members arguments =
        Requests.guest(in).with(how(in)).with(Json.object("file", Requests.absolute(file)));
    return Requests.say(
        in, "save", arguments, "Domain '" + in.operand(Requests.DOMAIN) + "' saved to " + file);
  }

  private static Outcome restore(Invocation in) throws IOException {
    String file = in.operand("file");
    Members arguments = how(in).with(Json.object("file", Requests.absolute(file)));
    return Requests.say(in, "restore", arguments, "Domain restored from " + file);
  }

  private static Outcome managedSave(Invocation in) throws IOException {
    return Requests.each(in, "managedsave", how(in), "Domain %s state saved by launcher");
  }

  private static Outcome forgetSaved(Invocation in) throws IOException {
    return Requests.each(
        in, "managedsave-remove", Json.object(), "Removed managedsave image for domain %s");
  }

  private static Outcome take(Invocation in) throws IOException {
    Members what =
        Json.object(
            "name", in.findOperand("name"),
            "description", in.findOperand("description"),
            "diskOnly", in.flag("disk-only"));
    return Requests.print(
        in,
        "snapshot-create-as",
        Requests.guest(in).with(what),
        reply -> "Domain snapshot " + Requests.members(reply).text("name") + " created\n");
  }

  private static Outcome snapshots(Invocation in) throws IOException {
    return Requests.print(
        in,
        "snapshot-list",
        Requests.guest(in),
        reply -> {
          Table table = new Table("Name", "Creation Time", "State");
          StringBuilder names = new StringBuilder();
          for (Members snapshot : Requests.rows(reply)) {
            names.append(Table.printable(snapshot.text("name"))).append('\n');
            table.row(
                snapshot.text("name"),
                Requests.cell(snapshot, "created", "-"),
                Requests.cell(snapshot, "state", "-"));
          }
          return in.flag("name") ? names.append('\n').toString() : table.toString();
        });
  }

  private static Outcome revert(Invocation in) throws IOException {
    String name = in.operand("snapshotname");
    return Requests.say(
        in, "snapshot-revert", snapshot(in), "Domain snapshot " + name + " reverted");
  }

  private static Outcome delete(Invocation in) throws IOException {
    String name = in.operand("snapshotname");
    return Requests.say(
        in, "snapshot-delete", snapshot(in), "Domain snapshot " + name + " deleted");
  }

  private static Members snapshot(Invocation in) {
    return Requests.guest(in).with(Json.object("name", in.operand("snapshotname")));
  }
}
