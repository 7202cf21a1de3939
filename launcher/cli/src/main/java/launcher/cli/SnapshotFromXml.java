package launcher.cli;

import java.io.IOException;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The verbs {@code snapshot-create} and {@code snapshot-edit}: snapshots from their XML. */
final class SnapshotFromXml {
  private SnapshotFromXml() {}

  static Verb verb(String name) {
    return SnapshotVerbs.manner(
            new Verb(name, "take a snapshot that XML describes", SnapshotFromXml::create)
                .operand(Requests.DOMAIN)
                .optionalOperand("xmlfile")
                .flag("redefine", "remember one as its whole XML says, and take none")
                .flag("current", "with --redefine: the guest's state comes from it"))
        .flag("validate", "refuse what is not understood (so anyway)");
  }

  static Verb edit(String name) {
    return new Verb(name, "change a snapshot's XML in $VISUAL or $EDITOR", SnapshotFromXml::edit)
        .operand(Requests.DOMAIN)
        .optionalOperand("snapshotname")
        .flag("current", "make it the current one; without a name, the current one is edited");
  }

  private static Outcome create(Invocation in) throws IOException {
    String xml = in.findOperand("xmlfile").map(Requests::file).orElse("<domainsnapshot/>");
    Members what = Requests.guest(in).with(Json.object("xml", xml));
    if (in.flag("redefine")) {
      return said(in, "snapshot-redefine", what.with(Json.object("current", in.flag("current"))));
    }
    if (in.flag("current")) {
      throw new ControlException(Outcome.USAGE, "--current needs --redefine");
    }
    return said(in, "snapshot-create", what.with(SnapshotVerbs.manner(in)));
  }

  private static Outcome said(Invocation in, String verb, Members what) throws IOException {
    String source = in.findOperand("xmlfile").map(file -> " from '" + file + "'").orElse("");
    return Requests.print(
        in,
        verb,
        what,
        reply ->
            in.options().quiet()
                ? ""
                : "Domain snapshot "
                    + Table.printable(Requests.members(reply).text("name"))
                    + " created"
                    + source
                    + "\n");
  }

  private static Outcome edit(Invocation in) throws IOException {
    Optional<String> named = in.findOperand("snapshotname");
    Members which = Requests.guest(in).with(Json.object("snapshot", named, "secrets", true));
    Members snapshot = Requests.members(in.session().client().ask("snapshot-dumpxml", which));
    String name = snapshot.text("name");
    return Edit.of(
        in,
        snapshot.text("xml"),
        "Snapshot " + name,
        (xml, _) -> {
          if (!xml.contains("<name>" + XmlPiece.escaped(name) + "</name>")) {
            throw new ControlException(Outcome.INVALID, "a snapshot keeps its name: " + name);
          }
          in.session()
              .client()
              .ask(
                  "snapshot-redefine",
                  Requests.guest(in).with(Json.object("xml", xml, "current", in.flag("current"))));
        });
  }
}
