package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs about snapshots. */
final class SnapshotVerbs implements VerbFamily {
  private static final String NAME = "snapshotname";

  @Override
  public String title() {
    return "Snapshots";
  }

  @Override
  public List<String> names() {
    return List.of(
        "snapshot-create",
        "snapshot-create-as",
        "snapshot-edit",
        "snapshot-list",
        "snapshot-info",
        "snapshot-dumpxml",
        "snapshot-current",
        "snapshot-parent",
        "snapshot-revert",
        "snapshot-delete");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "snapshot-create" -> SnapshotFromXml.verb(name);
      case "snapshot-edit" -> SnapshotFromXml.edit(name);
      case "snapshot-create-as" -> createAs(name);
      case "snapshot-list" -> SnapshotList.verb();
      case "snapshot-info" ->
          new Verb(name, "show what a snapshot is", in -> info(in))
              .operand(Requests.DOMAIN)
              .optionalOperand(NAME)
              .flag("current", "the current one");
      case "snapshot-dumpxml" ->
          XmlSelection.options(
              new Verb(name, "show a snapshot's XML", SnapshotVerbs::dumpxml)
                  .operand(Requests.DOMAIN)
                  .operand(NAME)
                  .flag("security-info", "with passwords"));
      case "snapshot-current" ->
          new Verb(
                  name,
                  "show the current snapshot, or make one the current",
                  SnapshotVerbs::current)
              .operand(Requests.DOMAIN)
              .optionalOperand(NAME)
              .flag("name", "its name only")
              .flag("security-info", "with passwords");
      case "snapshot-parent" ->
          new Verb(name, "show which snapshot one was taken after", SnapshotVerbs::parent)
              .operand(Requests.DOMAIN)
              .optionalOperand(NAME)
              .flag("current", "of the current one");
      case "snapshot-revert" ->
          new Verb(name, "make a guest what it was at a snapshot", SnapshotVerbs::revert)
              .operand(Requests.DOMAIN)
              .optionalOperand(NAME)
              .flag("current", "the current one")
              .flag("running", "and let it run")
              .flag("paused", "and leave it paused")
              .flag("reset-nvram", "with its firmware's variables as at its first start")
              .flag("force", "whatever is risky about it (so anyway)");
      case "snapshot-delete" ->
          new Verb(name, "delete a snapshot; the guest stays as it is", SnapshotVerbs::delete)
              .cancels()
              .operand(Requests.DOMAIN)
              .optionalOperand(NAME)
              .flag("current", "the current one")
              .flag("children", "and those after it")
              .flag("children-only", "those after it, not itself")
              .flag("metadata", "forget it, and leave the images alone");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb createAs(String name) {
    return manner(
            new Verb(name, "take a snapshot", SnapshotVerbs::create)
                .operand(Requests.DOMAIN)
                .optionalOperand("name")
                .optionalOperand("description")
                .option(
                    "diskspec",
                    "disk",
                    "one disk: vda[,snapshot=internal|external|no][,file=/new/image]; repeat it"))
        .option(
            "memspec",
            "memory",
            "the memory of a running guest in a file: [file=]/path[,snapshot=external]")
        .flag("validate", "refuse what is not understood (so anyway)")
        .flag("print-xml", "show it, take none");
  }

  /** How a snapshot is taken, whoever says what of. */
  static Verb manner(Verb verb) {
    return verb.cancels()
        .flag("disk-only", "the disks, not the memory; each gets a new image above it")
        .flag("quiesce", "let the guest's agent freeze its file systems meanwhile")
        .flag("halt", "power the guest off afterwards")
        .flag("atomic", "all disks or none (so anyway)")
        .flag("live", "let the guest go on as soon as can be (so anyway)")
        .flag("reuse-external", "use images that are there already")
        .flag("no-metadata", "remember nothing of it");
  }

  /** The same, as it is asked for. */
  static Members manner(Invocation in) {
    return Json.object(
        "diskOnly", in.flag("disk-only"),
        "quiesce", in.flag("quiesce"),
        "halt", in.flag("halt"),
        "reuse", in.flag("reuse-external"),
        "noMetadata", in.flag("no-metadata"));
  }

  /** {@code [file=]/path[,snapshot=no|internal|external]}. */
  private static Members memory(Invocation in) {
    String spec = in.value("memspec").orElse("");
    if (spec.isEmpty()) {
      return Json.object();
    }
    String file = "";
    String mode = "";
    for (String part : spec.split(",", -1)) {
      if (part.startsWith("snapshot=")) {
        mode = part.substring("snapshot=".length());
      } else {
        file = part.replaceFirst("^file=", "");
      }
    }
    boolean beside = mode.isEmpty() ? !file.isEmpty() : mode.equals("external");
    if (!List.of("", "no", "internal", "external").contains(mode)) {
      throw new ControlException(
          Outcome.USAGE, "--memspec takes snapshot=no, internal or external, not '" + mode + "'");
    }
    if (beside == file.isEmpty()) {
      throw new ControlException(
          Outcome.USAGE, "--memspec names a file where the memory is external, and only there");
    }
    if (beside) {
      return Json.object("memoryFile", Requests.absolute(file));
    }
    return mode.equals("no") ? Json.object("diskOnly", true) : Json.object();
  }

  private static Outcome create(Invocation in) throws IOException {
    List<Json> disks = new ArrayList<>();
    in.values("diskspec").forEach(spec -> disks.add(diskSpec(spec)));
    Members what =
        Requests.guest(in)
            .with(
                Json.object(
                    "name", in.findOperand("name"),
                    "description", in.findOperand("description"),
                    "disks", disks))
            .with(manner(in))
            .with(memory(in));
    if (in.flag("print-xml")) {
      return Requests.print(
          in, "snapshot-plan", what, reply -> Requests.members(reply).text("xml") + "\n");
    }
    return Requests.print(
        in,
        "snapshot-create-as",
        what,
        reply ->
            in.options().quiet()
                ? ""
                : "Domain snapshot "
                    + Table.printable(Requests.members(reply).text("name"))
                    + " created\n");
  }

  /** {@code vda,snapshot=external,file=/a,,b}: a doubled comma is one of the file's name. */
  static Members diskSpec(String spec) {
    String[] parts = spec.replace(",,", "\0").split(",", -1);
    Optional<String> mode = Optional.empty();
    Optional<String> file = Optional.empty();
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].replace("\0", ",");
      if (part.startsWith("snapshot=")) {
        mode = Optional.of(part.substring("snapshot=".length()));
      } else if (part.startsWith("file=")) {
        file = Optional.of(Requests.absolute(part.substring("file=".length())));
      } else if (!part.equals("driver=qcow2") && !part.equals("stype=file")) {
        throw new ControlException(
            Outcome.USAGE,
            "--diskspec is DISK[,snapshot=internal|external|no][,file=PATH], not '" + spec + "'");
      }
    }
    return Json.object("disk", parts[0].replace("\0", ","), "mode", mode, "file", file);
  }

  /** The snapshot that is meant: named, or the current one if that is said. */
  private static Members which(Invocation in) {
    Optional<String> name = in.findOperand(NAME);
    if (name.isPresent() == in.flag("current")) {
      throw new ControlException(
          Outcome.USAGE, "'" + in.verb().name() + "' needs <" + NAME + "> or --current");
    }
    return Requests.guest(in).with(Json.object("snapshot", name));
  }

  private static List<Members> all(Invocation in) throws IOException {
    return Requests.rows(in.session().client().ask("snapshot-list", Requests.guest(in)));
  }

  private static Members chosen(Invocation in, List<Members> all) {
    Optional<String> name = which(in).findText("snapshot");
    for (Members one : all) {
      if (name.isPresent() ? one.text("name").equals(name.get()) : one.isTrue("current")) {
        return one;
      }
    }
    throw new ControlException(
        Outcome.NOT_FOUND,
        "guest '"
            + in.operand(Requests.DOMAIN)
            + name.map(n -> "' has no snapshot '" + n + "'").orElse("' has no current snapshot"));
  }

  private static Outcome info(Invocation in) throws IOException {
    List<Members> all = all(in);
    Members one = chosen(in, all);
    int children = SnapshotList.children(all, one.text("name")).size();
    int descendants = SnapshotList.descendants(all, one.text("name")).size();
    if (in.options().json()) {
      in.output().json(one.with(Json.object("children", children, "descendants", descendants)));
      return Outcome.DONE;
    }
    Labels labels = new Labels(15);
    labels.line("Name", one.text("name")).line("Domain", one.text("domain"));
    labels.line("Current", Requests.cell(one, "current", "no")).line("State", one.text("state"));
    labels.line("Location", one.text("location"));
    labels.line("Parent", Requests.cell(one, "parent", "-"));
    labels.line("Children", Integer.toString(children));
    labels.line("Descendants", Integer.toString(descendants)).line("Metadata", "yes");
    in.output().text(labels.toString());
    return Outcome.DONE;
  }

  private static Outcome dumpxml(Invocation in) throws IOException {
    Members what =
        Requests.guest(in)
            .with(Json.object("snapshot", in.operand(NAME), "secrets", in.flag("security-info")))
            .with(XmlSelection.of(in));
    return Requests.print(
        in, "snapshot-dumpxml", what, reply -> Requests.members(reply).text("xml") + "\n");
  }

  private static Outcome current(Invocation in) throws IOException {
    Optional<String> name = in.findOperand(NAME);
    if (name.isPresent()) {
      Members what = Requests.guest(in).with(Json.object("snapshot", name));
      return Requests.say(
          in, "snapshot-current", what, "Snapshot " + name.get() + " set as current");
    }
    return Requests.print(
        in,
        "snapshot-dumpxml",
        Requests.guest(in).with(Json.object("secrets", in.flag("security-info"))),
        reply -> {
          Members current = Requests.members(reply);
          return in.flag("name")
              ? Table.printable(current.text("name")) + "\n\n"
              : current.text("xml") + "\n";
        });
  }

  private static Outcome parent(Invocation in) throws IOException {
    Members one = chosen(in, all(in));
    String parent =
        one.findText("parent")
            .orElseThrow(() ->
                new ControlException(
                    Outcome.NOT_FOUND, "snapshot '" + one.text("name") + "' has no parent"));
    if (in.options().json()) {
      in.output().json(Json.object("parent", parent));
    } else {
      in.output().line(Table.printable(parent) + "\n");
    }
    return Outcome.DONE;
  }

  private static Outcome revert(Invocation in) throws IOException {
    if (in.flag("running") && in.flag("paused")) {
      throw new ControlException(Outcome.USAGE, "--running or --paused, not both");
    }
    Members what =
        which(in)
            .with(
                Json.object(
                    "running", in.flag("running"),
                    "paused", in.flag("paused"),
                    "resetNvram", in.flag("reset-nvram")));
    return Requests.print(in, "snapshot-revert", what, reply -> sentence(in, reply, "reverted"));
  }

  private static String sentence(Invocation in, Json reply, String what) {
    return in.options().quiet()
        ? ""
        : "Domain snapshot "
            + Table.printable(Requests.members(reply).text("name"))
            + " "
            + what
            + "\n\n";
  }

  private static Outcome delete(Invocation in) throws IOException {
    Members what =
        which(in)
            .with(
                Json.object(
                    "children", in.flag("children"),
                    "childrenOnly", in.flag("children-only"),
                    "metadata", in.flag("metadata")));
    String done = in.flag("children-only") ? "children deleted" : "deleted";
    return Requests.print(in, "snapshot-delete", what, reply -> sentence(in, reply, done));
  }
}
