package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs about definitions: the XML that people write and launcher keeps. */
final class DefinitionVerbs implements VerbFamily {
  @Override
  public String title() {
    return "Definitions";
  }

  @Override
  public List<String> names() {
    return List.of(
        "define", "undefine", "dumpxml", "edit", "domrename", "autostart", "plan", "explain");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "define" ->
          new Verb(
                  name,
                  "define guests from XML files, or change their definition",
                  DefinitionVerbs::define)
              .operands("file")
              .flag("no-validate", "accept what the schema does not know, with a warning each")
              .flag("validate", "refuse what the schema does not know (always so)");
      case "undefine" ->
          new Verb(name, "forget guests", DefinitionVerbs::undefine)
              .operands(Requests.DOMAIN)
              .flag("managed-save", "remove its saved state too")
              .flag("nvram", "remove its firmware variables too")
              .flag("keep-nvram", "leave its firmware variables (so anyway)")
              .flag("snapshots-metadata", "forget its snapshots too; no image is touched")
              .flag("remove-all-storage", "remove the files of all its disks too")
              .option("storage", "disk,disk", "remove the files of these disks too")
              .flag("tpm", "remove the state of its TPM too")
              .flag("keep-tpm", "leave the state of its TPM (so anyway)")
              .flag("checkpoints-metadata", "forget its checkpoints too (it has none)");
      case "dumpxml" ->
          XmlSelection.options(
              new Verb(name, "show a guest's XML", DefinitionVerbs::dumpxml)
                  .operand(Requests.DOMAIN)
                  .flag("inactive", "the definition for the next start")
                  .flag("as-written", "the text as its writer left it")
                  .flag("migratable", "without what belongs to this run and this host")
                  .flag("update-cpu", "with the processor that it has on this host")
                  .flag("security-info", "with passwords"));
      case "edit" ->
          new Verb(
                  name,
                  "change a guest's definition in $VISUAL or $EDITOR",
                  in -> new Edit(in, Edit.Subject.GUEST).run())
              .operand(Requests.DOMAIN)
              .flag("skip-validate", "accept what the schema does not know, with a warning each");
      case "domrename" ->
          new Verb(name, "give a guest that is shut off another name", DefinitionVerbs::rename)
              .operand(Requests.DOMAIN)
              .operand("new-name");
      case "autostart" ->
          new Verb(name, "start guests with the host", DefinitionVerbs::autostart)
              .operands(Requests.DOMAIN)
              .flag("disable", "do not");
      case "plan" ->
          new Verb(name, "show what start would do, step by step", DefinitionVerbs::plan)
              .operand(Requests.DOMAIN);
      case "explain" ->
          new Verb(
                  name,
                  "show each argument of the command with the line of XML it comes from",
                  DefinitionVerbs::explain)
              .operand(Requests.DOMAIN);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Outcome define(Invocation in) throws IOException {
    boolean validate = !in.flag("no-validate");
    return new ManyNames(in, "define")
        .run(
            in.operands("file"),
            file -> Json.object("xml", Requests.file(file), "file", file, "validate", validate),
            (file, reply) -> {
              Members defined = Requests.members(reply);
              defined
                  .texts("warnings")
                  .forEach(warning -> in.output().note("warning: " + warning + "\n"));
              return "Domain '" + defined.text("name") + "' defined from " + file + "\n";
            });
  }

  private static Outcome undefine(Invocation in) throws IOException {
    Members how =
        Json.object(
            "managedSave", in.flag("managed-save"),
            "nvram", in.flag("nvram"),
            "snapshots", in.flag("snapshots-metadata"),
            "storage", in.flag("remove-all-storage"),
            "tpm", in.flag("tpm"),
            "disks", in.values("storage").stream().flatMap(s -> Stream.of(s.split(","))).toList());
    for (String kept : List.of("nvram", "tpm")) {
      if (in.flag(kept) && in.flag("keep-" + kept)) {
        throw new ControlException(
            Outcome.USAGE, "--" + kept + " or --keep-" + kept + ", not both");
      }
    }
    return Requests.each(in, "undefine", how, "Domain %s has been undefined");
  }

  private static Outcome dumpxml(Invocation in) throws IOException {
    Members how =
        Json.object(
            "inactive",
            in.flag("inactive"),
            "asWritten",
            in.flag("as-written"),
            "migratable",
            in.flag("migratable"),
            "updateCpu",
            in.flag("update-cpu"),
            "secrets",
            in.flag("security-info"));
    return Requests.print(
        in,
        "dumpxml",
        Requests.guest(in).with(how).with(XmlSelection.of(in)),
        reply -> Requests.members(reply).text("xml"));
  }

  private static Outcome rename(Invocation in) throws IOException {
    return Requests.say(
        in,
        "domrename",
        Requests.guest(in).with(Json.object("to", in.operand("new-name"))),
        "Domain successfully renamed");
  }

  private static Outcome autostart(Invocation in) throws IOException {
    boolean on = !in.flag("disable");
    return Requests.each(
        in,
        "autostart",
        Json.object("on", on),
        on ? "Domain %s marked as autostarted" : "Domain %s unmarked as autostarted");
  }

  private static Outcome plan(Invocation in) throws IOException {
    return Requests.print(
        in, "plan", Requests.guest(in), reply -> Requests.members(reply).text("text"));
  }

  private static Outcome explain(Invocation in) throws IOException {
    return Requests.print(
        in,
        "explain",
        Requests.guest(in),
        reply -> {
          StringBuilder text = new StringBuilder();
          for (Members argument : Requests.rows(reply)) {
            String origin = Requests.cell(argument, "origin", "");
            text.append(Table.printable(argument.text("text")));
            text.append(origin.isEmpty() ? "" : "    # " + origin).append('\n');
          }
          return text.toString();
        });
  }
}
