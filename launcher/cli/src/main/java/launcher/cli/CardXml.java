package launcher.cli;

import java.util.List;
import launcher.control.ControlException;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The {@code <interface>} that the words and options of {@code attach-interface} mean. */
final class CardXml {
  private CardXml() {}

  static String of(Invocation in) {
    String type = in.operand("type");
    String source = in.findOperand("source").orElse("");
    refuseScript(in);
    XmlPiece xml =
        XmlPiece.begin()
            .open(
                "interface",
                "type",
                type,
                "managed",
                type.equals("hostdev") && in.flag("managed") ? "yes" : "");
    switch (type) {
      case "network", "bridge" -> xml.empty("source", type, needed(in, source));
      case "direct" ->
          xml.empty(
              "source", "dev", needed(in, source), "mode", in.value("source-mode").orElse(""));
      case "user", "ethernet" -> {
        // plugged into nothing that has a name
      }
      case "hostdev" -> device(xml, needed(in, source));
      default ->
          throw new ControlException(
              Outcome.USAGE,
              "there is no type '"
                  + type
                  + "' here: network, bridge, direct, hostdev, user or ethernet");
    }
    xml.optional("mac", "address", in.value("mac"));
    xml.optional("model", "type", in.value("model"));
    xml.optional("target", "dev", in.value("target"));
    xml.optional("alias", "name", in.value("alias"));
    limits(in, xml);
    return xml.close("interface").toString();
  }

  private static void refuseScript(Invocation in) {
    if (in.value("script").isPresent()) {
      throw new ControlException(
          Outcome.USAGE,
          "launcher makes the link itself and runs no script: leave --script out, and use type"
              + " bridge or network");
    }
  }

  /** {@code pci:0000:03:00.0}, or {@code 0000:03:00.0}. */
  private static void device(XmlPiece xml, String source) {
    String[] parts = source.replaceFirst("^pci[_:]", "").split("[:._]", -1);
    if (parts.length != 4) {
      throw new ControlException(
          Outcome.USAGE, "a card of type 'hostdev' is pci:0000:03:00.0, not '" + source + "'");
    }
    xml.open("source").pciAddress(parts, false).close("source");
  }

  private static void limits(Invocation in, XmlPiece xml) {
    if (in.value("inbound").isEmpty() && in.value("outbound").isEmpty()) {
      return;
    }
    xml.open("bandwidth");
    for (String direction : List.of("inbound", "outbound")) {
      in.value(direction)
          .ifPresent(said -> {
            Members limit = TrafficVerbs.limit(direction, said);
            xml.empty(
                direction,
                "average",
                Requests.cell(limit, "average", ""),
                "peak",
                Requests.cell(limit, "peak", ""),
                "burst",
                Requests.cell(limit, "burst", ""));
          });
    }
    xml.close("bandwidth");
  }

  private static String needed(Invocation in, String source) {
    if (source.isEmpty()) {
      throw new ControlException(
          Outcome.USAGE, "a card of type '" + in.operand("type") + "' needs <source>");
    }
    return source;
  }
}
