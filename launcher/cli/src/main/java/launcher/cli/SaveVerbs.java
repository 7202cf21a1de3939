package launcher.cli;

import java.io.IOException;
import java.util.List;
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
    return List.of("save", "restore", "managedsave", "managedsave-remove");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "save" ->
          new Verb(name, "save a guest's memory to a file and stop it", SaveVerbs::save)
              .operand(Requests.DOMAIN)
              .operand("file")
              .flag("bypass-cache", "write past the page cache");
      case "restore" ->
          new Verb(name, "start a guest from a file that save wrote", SaveVerbs::restore)
              .operand("file")
              .flag("paused", "leave it paused")
              .flag("bypass-cache", "read past the page cache");
      case "managedsave" ->
          new Verb(
                  name,
                  "save guests' memory and stop them; start goes on from there",
                  SaveVerbs::managedSave)
              .operands(Requests.DOMAIN)
              .flag("bypass-cache", "write past the page cache");
      case "managedsave-remove" ->
          new Verb(name, "forget guests' saved memory", SaveVerbs::forgetSaved)
              .operands(Requests.DOMAIN);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Members past(Invocation in) {
    return Json.object("bypassCache", in.flag("bypass-cache"));
  }

  private static Outcome save(Invocation in) throws IOException {
    String file = in.operand("file");
    Members arguments =
        Requests.guest(in).with(Json.object("file", Requests.absolute(file))).with(past(in));
    return Requests.say(
        in, "save", arguments, "Domain '" + in.operand(Requests.DOMAIN) + "' saved to " + file);
  }

  private static Outcome restore(Invocation in) throws IOException {
    String file = in.operand("file");
    Members arguments =
        Json.object("file", Requests.absolute(file), "paused", in.flag("paused")).with(past(in));
    return Requests.say(in, "restore", arguments, "Domain restored from " + file);
  }

  private static Outcome managedSave(Invocation in) throws IOException {
    return Requests.each(in, "managedsave", past(in), "Domain %s state saved by launcher");
  }

  private static Outcome forgetSaved(Invocation in) throws IOException {
    return Requests.each(
        in, "managedsave-remove", Json.object(), "Removed managedsave image for domain %s");
  }
}
