package launcher.cli;

import java.io.IOException;
import java.util.List;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that keep a guest's state: saved memory. */
final class SaveVerbs implements VerbFamily {
  @Override
  public String title() {
    return "Saved states";
  }

  @Override
  public List<String> names() {
    return List.of(
        "save",
        "restore",
        "save-image-dumpxml",
        "save-image-define",
        "save-image-edit",
        "managedsave",
        "managedsave-remove",
        "managedsave-dumpxml",
        "managedsave-define",
        "managedsave-edit");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "save" ->
          saving(
              new Verb(name, "save a guest's memory to a file and stop it", SaveVerbs::save)
                  .operand(Requests.DOMAIN)
                  .operand("file")
                  .option("xml", "file", "let it come back as that says, with the same devices"));
      case "restore" ->
          coming(
                  new Verb(name, "start a guest from a file that save wrote", SaveVerbs::restore)
                      .operand("file"))
              .cancels()
              .flag("bypass-cache", "read past the page cache")
              .option("xml", "file", "let it come back as that says, with the same devices");
      case "managedsave" ->
          saving(
              new Verb(
                      name,
                      "save guests' memory and stop them; start goes on from there",
                      SaveVerbs::managedSave)
                  .operands(Requests.DOMAIN));
      case "managedsave-remove" ->
          new Verb(name, "forget guests' saved memory", SaveVerbs::forgetSaved)
              .operands(Requests.DOMAIN);
      case "save-image-dumpxml", "managedsave-dumpxml" ->
          XmlSelection.options(
              new Verb(name, "show what a saved guest is when it comes back", SaveVerbs::dumpxml)
                  .operand(subject(name))
                  .flag("security-info", "with passwords"));
      case "save-image-define", "managedsave-define" ->
          coming(
              new Verb(name, "change what a saved guest is when it comes back", SaveVerbs::define)
                  .operand(subject(name))
                  .operand("xml"));
      case "save-image-edit", "managedsave-edit" ->
          coming(
              new Verb(name, "change that in $VISUAL or $EDITOR", SaveVerbs::edit)
                  .operand(subject(name)));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static String subject(String verb) {
    return verb.startsWith("save-image") ? "file" : Requests.DOMAIN;
  }

  private static Verb coming(Verb verb) {
    return verb.flag("running", "let it run when it comes back")
        .flag("paused", "leave it paused when it comes back");
  }

  private static Verb saving(Verb verb) {
    return coming(verb)
        .cancels()
        .flag("bypass-cache", "write past the page cache")
        .flag("verbose", "show how far it is (on a terminal so anyway)");
  }

  private static Members how(Invocation in) {
    if (in.flag("running") && in.flag("paused")) {
      throw new ControlException(Outcome.USAGE, "--running or --paused, not both");
    }
    return Json.object(
        "running", in.flag("running"),
        "paused", in.flag("paused"));
  }

  private static Members whole(Invocation in) {
    return how(in)
        .with(
            Json.object(
                "bypassCache", in.flag("bypass-cache"),
                "xml", in.value("xml").map(Requests::file)));
  }

  private static Outcome save(Invocation in) throws IOException {
    String file = in.operand("file");
    Members arguments =
        Requests.guest(in).with(Json.object("file", Requests.absolute(file))).with(whole(in));
    return Requests.say(
        in, "save", arguments, "Domain '" + in.operand(Requests.DOMAIN) + "' saved to " + file);
  }

  private static Outcome restore(Invocation in) throws IOException {
    String file = in.operand("file");
    Members arguments = Json.object("file", Requests.absolute(file)).with(whole(in));
    return Requests.say(in, "restore", arguments, "Domain restored from " + file);
  }

  private static Outcome managedSave(Invocation in) throws IOException {
    Members arguments = how(in).with(Json.object("bypassCache", in.flag("bypass-cache")));
    return Requests.each(in, "managedsave", arguments, "Domain %s state saved by launcher");
  }

  private static Members saved(Invocation in) {
    return subject(in.verb().name()).equals("file")
        ? Json.object("file", Requests.absolute(in.operand("file")))
        : Requests.guest(in);
  }

  private static Outcome dumpxml(Invocation in) throws IOException {
    Members what =
        saved(in).with(Json.object("secrets", in.flag("security-info"))).with(XmlSelection.of(in));
    return Requests.print(in, "saved-xml", what, reply -> Requests.members(reply).text("xml"));
  }

  private static String title(Invocation in) {
    return "State file " + in.operand(subject(in.verb().name()));
  }

  private static Outcome define(Invocation in) throws IOException {
    Members what = saved(in).with(Json.object("xml", Requests.file(in.operand("xml"))));
    return Requests.say(in, "saved-define", what.with(how(in)), title(in) + " updated.");
  }

  private static Outcome edit(Invocation in) throws IOException {
    Members what = saved(in).with(Json.object("secrets", true));
    Json reply = in.session().client().ask("saved-xml", what);
    return Edit.of(
        in,
        Requests.members(reply).text("xml"),
        title(in),
        (xml, _) ->
            in.session()
                .client()
                .ask("saved-define", saved(in).with(Json.object("xml", xml)).with(how(in))));
  }

  private static Outcome forgetSaved(Invocation in) throws IOException {
    return new ManyNames(in, "managedsave-remove")
        .run(
            in.operands(Requests.DOMAIN),
            name -> Json.object("guest", name),
            (name, reply) ->
                Requests.members(reply).isTrue("removed")
                    ? "Removed managedsave image for domain '" + name + "'\n"
                    : "Domain '" + name + "' has no managed save image; removal skipped\n");
  }
}
