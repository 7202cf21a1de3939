package launcher.cli;

import launcher.control.Json;
import launcher.control.Json.Members;

/** The options of virsh by which XML is shown in part. */
final class XmlSelection {
  private XmlSelection() {}

  /** Adds {@code --xpath --wrap}. */
  static Verb options(Verb verb) {
    return verb.option("xpath", "expression", "only the parts that it finds")
        .flag("wrap", "with --xpath: in one element <nodes>");
  }

  /** What was said. */
  static Members of(Invocation in) {
    return Json.object("xpath", in.value("xpath"), "wrap", in.flag("wrap"));
  }
}
