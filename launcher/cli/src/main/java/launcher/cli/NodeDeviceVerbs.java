package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs about the devices of the host. */
final class NodeDeviceVerbs implements VerbFamily {
  private static final String DEVICE = "device";
  private static final String COMPUTER = "computer";

  @Override
  public String title() {
    return "Devices of the host";
  }

  @Override
  public List<String> names() {
    return List.of(
        "nodedev-detach", "nodedev-dumpxml", "nodedev-list", "nodedev-reattach", "nodedev-reset");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "nodedev-list" ->
          new Verb(name, "list the PCI and USB devices of the host", NodeDeviceVerbs::list)
              .flag("tree", "as a tree: what hangs on what")
              .option("cap", "list", "only those of these kinds, such as pci,usb_device");
      case "nodedev-dumpxml" ->
          new Verb(
                  name,
                  "print the XML of a device of the host",
                  in -> HostVerbs.xml(in, device(in)))
              .operand(DEVICE);
      case "nodedev-detach" ->
          act(name, "take a PCI device from the host's driver, for guests", "detached")
              .option("driver", "name", "the driver that gets it, instead of vfio-pci");
      case "nodedev-reattach" ->
          act(name, "give a PCI device back to the host's driver", "re-attached");
      case "nodedev-reset" -> act(name, "reset a PCI device of the host", "reset");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb act(String name, String summary, String done) {
    return new Verb(
            name,
            summary,
            in ->
                Requests.say(
                    in,
                    name,
                    device(in).with(Json.object("driver", in.value("driver"))),
                    "Device " + in.operand(DEVICE) + " " + done))
        .operand(DEVICE);
  }

  private static Members device(Invocation in) {
    return Json.object(DEVICE, in.operand(DEVICE));
  }

  private static Outcome list(Invocation in) throws IOException {
    return Requests.print(
        in, "nodedev-list", Json.object(), reply -> text(in, Requests.rows(reply)));
  }

  private static String text(Invocation in, List<Members> rows) {
    if (in.flag("tree")) {
      return tree(rows);
    }
    Set<String> kinds = Set.of(in.value("cap").orElse("").split(","));
    StringBuilder text = new StringBuilder();
    if (in.value("cap").isEmpty()) {
      text.append(COMPUTER).append('\n');
    }
    for (Members row : rows) {
      if (in.value("cap").isEmpty() || kinds.contains(row.text("capability"))) {
        text.append(row.text("name")).append('\n');
      }
    }
    return text.append('\n').toString();
  }

  /** As virsh draws it. */
  private static String tree(List<Members> rows) {
    StringBuilder text = new StringBuilder(COMPUTER + "\n");
    branches(rows, COMPUTER, "  ", text);
    return text.append('\n').toString();
  }

  private static void branches(
      List<Members> rows, String parent, String indent, StringBuilder text) {
    List<String> children = new ArrayList<>();
    for (Members row : rows) {
      if (row.text("parent").equals(parent)) {
        children.add(row.text("name"));
      }
    }
    if (!children.isEmpty()) {
      text.append(indent).append("|\n");
    }
    for (int i = 0; i < children.size(); i++) {
      boolean last = i == children.size() - 1;
      text.append(indent).append("+- ").append(children.get(i)).append('\n');
      branches(rows, children.get(i), indent + (last ? "    " : "|   "), text);
    }
    if (!children.isEmpty()) {
      text.append(indent.stripTrailing()).append('\n');
    }
  }
}
