package launcher.cli;

import java.io.IOException;
import java.util.List;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that define, start and change networks. */
final class NetworkVerbs implements VerbFamily {
  static final String NETWORK = "network";

  @Override
  public String title() {
    return "Networks";
  }

  @Override
  public List<String> names() {
    return List.of(
        "net-define",
        "net-create",
        "net-start",
        "net-destroy",
        "net-undefine",
        "net-autostart",
        "net-update",
        "net-edit");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "net-define" ->
          new Verb(name, "define a network from an XML file", NetworkVerbs::define)
              .operand("file")
              .flag("validate", "as virsh has it: always so");
      case "net-create" ->
          new Verb(
                  name,
                  "start a network from an XML file, gone with its stop",
                  NetworkVerbs::create)
              .operand("file")
              .flag("validate", "as virsh has it: always so");
      case "net-start" -> new Verb(name, "start a network", NetworkVerbs::start).operand(NETWORK);
      case "net-destroy" -> simple(name, "stop a network", "Network %s destroyed");
      case "net-undefine" ->
          simple(name, "forget the definition of a network", "Network %s has been undefined");
      case "net-autostart" ->
          new Verb(name, "start a network with the host", NetworkVerbs::autostart)
              .operand(NETWORK)
              .flag("disable", "do not");
      case "net-update" ->
          Affected.options(
              new Verb(name, "change a part of a network", NetworkVerbs::update)
                  .operand(NETWORK)
                  .operand("command")
                  .operand("section")
                  .operand("xml")
                  .option("parent-index", "number", "which ip element, counted from 0"));
      case "net-edit" ->
          new Verb(
                  name,
                  "change a network's definition in $VISUAL or $EDITOR",
                  in -> new Edit(in, Edit.Subject.NETWORK).run())
              .operand(NETWORK);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb simple(String name, String summary, String sentence) {
    return new Verb(
            name,
            summary,
            in -> Requests.say(in, name, network(in), sentence.replace("%s", in.operand(NETWORK))))
        .operand(NETWORK);
  }

  static Members network(Invocation in) {
    return Json.object("network", in.operand(NETWORK));
  }

  private static Members text(String file) {
    return Json.object("xml", Requests.file(file), "file", file);
  }

  private static Outcome define(Invocation in) throws IOException {
    String file = in.operand("file");
    return Requests.print(
        in,
        "net-define",
        text(file),
        reply ->
            "Network %s defined from %s\n\n".formatted(Requests.members(reply).text("name"), file));
  }

  private static Outcome create(Invocation in) throws IOException {
    String file = in.operand("file");
    return Requests.print(
        in,
        "net-create",
        text(file),
        reply -> {
          warn(in, Requests.members(reply));
          // a daemon from before an upgrade says none
          String name = Requests.members(reply).findText("name").map(n -> n + " ").orElse("");
          return "Network " + name + "created from " + file + "\n\n";
        });
  }

  private static Outcome start(Invocation in) throws IOException {
    return Requests.print(
        in,
        "net-start",
        network(in),
        reply -> {
          warn(in, Requests.members(reply));
          return "Network " + in.operand(NETWORK) + " started\n\n";
        });
  }

  private static void warn(Invocation in, Members reply) {
    reply.texts("warnings").forEach(warning -> in.output().note("warning: " + warning + "\n"));
  }

  private static Outcome autostart(Invocation in) throws IOException {
    boolean on = !in.flag("disable");
    return Requests.say(
        in,
        "net-autostart",
        network(in).with(Json.object("on", on)),
        "Network %s %s as autostarted".formatted(in.operand(NETWORK), on ? "marked" : "unmarked"));
  }

  /** The XML is the text itself or, when it does not begin with {@code <}, a file. */
  private static Outcome update(Invocation in) throws IOException {
    String xml = in.operand("xml");
    boolean inline = xml.strip().startsWith("<");
    Affected affected = Affected.of(in);
    Members change =
        Json.object(
            "command",
            in.operand("command"),
            "section",
            in.operand("section"),
            "xml",
            inline ? xml : Requests.file(xml),
            "file",
            inline ? "command line" : xml,
            "parentIndex",
            in.number("parent-index", 0));
    String sentence = "Updated network %s %s\n".formatted(in.operand(NETWORK), affected.words());
    return Requests.print(
        in,
        "net-update",
        network(in).with(change).with(affected.change()),
        _ -> in.options().quiet() ? "" : sentence);
  }
}
