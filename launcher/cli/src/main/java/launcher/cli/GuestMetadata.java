package launcher.cli;

import java.io.IOException;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The verb {@code metadata}: what a program keeps with a guest. */
final class GuestMetadata {
  private GuestMetadata() {}

  static Verb verb(String name) {
    return Scopes.options(
            new Verb(name, "show or set what a program keeps with a guest", GuestMetadata::run)
                .operand(Requests.DOMAIN)
                .operand("uri"))
        .option("key", "prefix", "short name of the namespace, with --set and --edit")
        .option("set", "xml", "keep this element")
        .flag("edit", "change it in $VISUAL or $EDITOR")
        .flag("remove", "keep it no longer");
  }

  private static Members which(Invocation in) {
    return Requests.guest(in)
        .with(Json.object("uri", in.operand("uri"), "key", in.value("key")))
        .with(Scopes.of(in));
  }

  private static Outcome run(Invocation in) throws IOException {
    Optional<String> xml = in.value("set");
    boolean remove = in.flag("remove");
    if (xml.isPresent() && remove || in.flag("edit") && (xml.isPresent() || remove)) {
      throw new ControlException(Outcome.USAGE, "--set, --edit and --remove exclude each other");
    }
    if (in.flag("edit")) {
      return edit(in);
    }
    if (xml.isEmpty() && !remove) {
      return Requests.print(
          in, "metadata", which(in), reply -> Requests.members(reply).text("xml").strip() + "\n\n");
    }
    return Requests.say(
        in,
        "metadata-set",
        which(in).with(Json.object("xml", xml)),
        remove ? "Metadata removed" : "Metadata modified");
  }

  private static Outcome edit(Invocation in) throws IOException {
    String before = "";
    try {
      before = Requests.members(in.session().client().ask("metadata", which(in))).text("xml");
    } catch (ControlException e) {
      if (e.outcome() != Outcome.NOT_FOUND) {
        throw e;
      }
    }
    return Edit.of(
        in,
        before,
        "Metadata",
        (xml, _) ->
            in.session().client().ask("metadata-set", which(in).with(Json.object("xml", xml))));
  }
}
