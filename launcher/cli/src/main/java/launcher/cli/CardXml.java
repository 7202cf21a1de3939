package launcher.cli;

import launcher.control.ControlException;
import launcher.control.Outcome;

/** The {@code <interface>} that the words and options of {@code attach-interface} mean. */
final class CardXml {
  private CardXml() {}

  static String of(Invocation in) {
    String type = in.operand("type");
    String source = in.findOperand("source").orElse("");
    XmlPiece xml = XmlPiece.begin().open("interface", "type", type);
    switch (type) {
      case "network", "bridge" -> xml.empty("source", type, needed(in, source));
      case "direct" ->
          xml.empty(
              "source", "dev", needed(in, source), "mode", in.value("source-mode").orElse(""));
      case "user", "ethernet" -> {
        // plugged into nothing that has a name
      }
      default ->
          throw new ControlException(
              Outcome.USAGE,
              "there is no type '" + type + "' here: network, bridge, direct, user or ethernet");
    }
    xml.optional("mac", "address", in.value("mac"));
    xml.optional("model", "type", in.value("model"));
    xml.optional("target", "dev", in.value("target"));
    xml.optional("alias", "name", in.value("alias"));
    return xml.close("interface").toString();
  }

  private static String needed(Invocation in, String source) {
    if (source.isEmpty()) {
      throw new ControlException(
          Outcome.USAGE, "a card of type '" + in.operand("type") + "' needs <source>");
    }
    return source;
  }
}
