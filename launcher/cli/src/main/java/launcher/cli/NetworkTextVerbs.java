package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs for what people and programs write down about a network. */
final class NetworkTextVerbs implements VerbFamily {
  @Override
  public String title() {
    return "Notes on networks";
  }

  @Override
  public List<String> names() {
    return List.of("net-desc", "net-metadata");
  }

  @Override
  public Verb verb(String name) {
    Verb verb =
        switch (name) {
          case "net-desc" ->
              new Verb(name, "show or set a network's description or title", NetworkTextVerbs::desc)
                  .operand(NetworkVerbs.NETWORK)
                  .optionalOperands("new-desc")
                  .flag("title", "the title, which is one line");
          case "net-metadata" ->
              new Verb(
                      name,
                      "show or set what a program keeps with a network",
                      NetworkTextVerbs::metadata)
                  .operand(NetworkVerbs.NETWORK)
                  .operand("uri")
                  .option("key", "prefix", "short name of the namespace, with --set")
                  .option("set", "xml", "keep this element")
                  .flag("remove", "keep it no longer");
          default -> throw new IllegalArgumentException(name);
        };
    return Affected.options(verb);
  }

  private static Outcome desc(Invocation in) throws IOException {
    boolean title = in.flag("title");
    String member = title ? "title" : "description";
    List<String> words = in.operands("new-desc");
    Affected affected = Affected.of(in);
    if (words.isEmpty()) {
      return Requests.print(
          in,
          "net-describe",
          NetworkVerbs.network(in).with(affected.look()),
          reply ->
              Requests.members(reply)
                      .findText(member)
                      .orElse("No %s for network: %s".formatted(member, in.operand("network")))
                  + "\n");
    }
    Members change = Json.object("title", title, "text", String.join(" ", words));
    return Requests.say(
        in,
        "net-describe-as",
        NetworkVerbs.network(in).with(change).with(affected.change()),
        "Network %s updated successfully".formatted(member));
  }

  private static Outcome metadata(Invocation in) throws IOException {
    Optional<String> xml = in.value("set");
    boolean remove = in.flag("remove");
    if (xml.isPresent() && remove) {
      throw new ControlException(Outcome.USAGE, "--set and --remove exclude each other");
    }
    Members what = NetworkVerbs.network(in).with(Json.object("uri", in.operand("uri")));
    Affected affected = Affected.of(in);
    if (xml.isEmpty() && !remove) {
      return Requests.print(
          in,
          "net-metadata",
          what.with(affected.look()),
          reply -> Requests.members(reply).text("xml") + "\n");
    }
    return Requests.say(
        in,
        "net-metadata-set",
        what.with(Json.object("key", in.value("key"), "xml", xml)).with(affected.change()),
        remove ? "Metadata removed" : "Metadata modified");
  }
}
