package launcher.cli;

import java.io.IOException;
import java.util.List;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that plug devices in and out. */
final class PlugVerbs implements VerbFamily {
  @Override
  public String title() {
    return "Plugging in and out";
  }

  @Override
  public List<String> names() {
    return List.of(
        "attach-device",
        "detach-device",
        "detach-device-alias",
        "update-device",
        "attach-disk",
        "detach-disk",
        "attach-interface",
        "detach-interface",
        "domif-setlink",
        "domif-getlink");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "attach-device" ->
          Scopes.persistent(
              new Verb(
                      name,
                      "add a device from an XML file",
                      in -> file(in, "Device attached successfully"))
                  .operand(Requests.DOMAIN)
                  .operand("file"));
      case "detach-device" ->
          Scopes.persistent(
              new Verb(
                      name,
                      "remove a device described by an XML file",
                      in -> file(in, "Device detached successfully"))
                  .operand(Requests.DOMAIN)
                  .operand("file"));
      case "detach-device-alias" ->
          Scopes.options(
              new Verb(name, "remove the device of an alias", PlugVerbs::alias)
                  .operand(Requests.DOMAIN)
                  .operand("alias"));
      case "update-device" ->
          Scopes.persistent(
                  new Verb(
                          name,
                          "change a device to what an XML file says",
                          in -> file(in, "Device updated successfully"))
                      .operand(Requests.DOMAIN)
                      .operand("file"))
              .flag("force", "even if the guest has locked the drive");
      case "attach-disk" -> attachDisk(name);
      case "detach-disk" ->
          Scopes.persistent(
                  new Verb(name, "remove a disk", PlugVerbs::detachDisk)
                      .operand(Requests.DOMAIN)
                      .operand("target"))
              .flag("print-xml", "show the device, change nothing");
      case "attach-interface" -> attachInterface(name);
      case "detach-interface" ->
          Scopes.persistent(
                  new Verb(name, "remove a network card", PlugVerbs::detachInterface)
                      .operand(Requests.DOMAIN)
                      .operand("type")
                      .option("mac", "address", "which one, if there are several of the type"))
              .flag("print-xml", "show the device, change nothing");
      case "domif-setlink" ->
          new Verb(name, "connect or disconnect a network card's cable", PlugVerbs::setLink)
              .operand(Requests.DOMAIN)
              .operand("interface")
              .operand("state")
              .flag("config", "in the definition, from its next start on");
      case "domif-getlink" ->
          new Verb(name, "show whether a network card's cable is connected", PlugVerbs::getLink)
              .operand(Requests.DOMAIN)
              .operand("interface")
              .flag("config", "in the definition");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb attachDisk(String name) {
    return Scopes.persistent(
            new Verb(name, "add a disk", PlugVerbs::attachDisk)
                .operand(Requests.DOMAIN)
                .operand("source")
                .operand("target"))
        .option("targetbus", "bus", "virtio, scsi, sata, usb ...; guessed from the target")
        .option("driver", "name", "of the driver: qemu")
        .option("subdriver", "format", "of the image: raw, qcow2 ...")
        .option("iothread", "number", "the I/O thread that serves it")
        .option("cache", "mode", "none, writeback, writethrough, directsync, unsafe")
        .option("io", "mode", "threads, native, io_uring")
        .option("type", "device", "disk (so without this), cdrom, floppy, lun")
        .option("mode", "mode", "readonly or shareable")
        .option("sourcetype", "type", "file, block or network; looked up without this")
        .option("source-protocol", "protocol", "of a disk of the network: nbd, iscsi, rbd ...")
        .option("source-host-name", "host[:port]", "who serves that disk")
        .option("source-host-transport", "transport", "to that host: tcp, unix or rdma")
        .option("source-host-socket", "path", "of a disk served on a socket of this host")
        .flag("rawio", "let the guest send raw commands of SCSI")
        .flag("multifunction", "with --address: other functions may stand beside it")
        .option("serial", "text", "its serial number")
        .option("wwn", "number", "its world wide name")
        .option("alias", "name", "its alias, beginning with ua-")
        .option("address", "address", "such as pci:0000.00.04.00")
        .flag("print-xml", "show the device, change nothing");
  }

  private static Verb attachInterface(String name) {
    return Scopes.persistent(
            new Verb(name, "add a network card", PlugVerbs::attachInterface)
                .operand(Requests.DOMAIN)
                .operand("type")
                .optionalOperand("source"))
        .option("target", "name", "of the link on the host")
        .option("mac", "address", "of the card; made up without this")
        .option("model", "model", "of the card: virtio, e1000 ...")
        .option("alias", "name", "its alias, beginning with ua-")
        .option("source-mode", "mode", "of type direct: bridge, vepa, private, passthrough")
        .option("inbound", "average,peak,burst", "limit to the guest in kB/s, kB/s and KiB")
        .option("outbound", "average,peak,burst", "limit from the guest")
        .option("script", "path", "a program that QEMU would run: refused, nothing runs one")
        .flag("managed", "of type hostdev: take it from the host's driver")
        .flag("print-xml", "show the device, change nothing");
  }

  private static Outcome file(Invocation in, String sentence) throws IOException {
    String xml = Requests.file(in.operand("file"));
    Members change =
        Requests.guest(in)
            .with(Json.object("xml", xml, "force", in.flag("force")))
            .with(Scopes.of(in));
    return Requests.say(in, in.verb().name(), change, sentence);
  }

  private static Outcome alias(Invocation in) throws IOException {
    String alias = in.operand("alias");
    Members change = Requests.guest(in).with(Json.object("alias", alias)).with(Scopes.of(in));
    return Requests.say(
        in, "detach-device-alias", change, "Device detach request sent successfully");
  }

  private static Outcome attachDisk(Invocation in) throws IOException {
    return change(in, "attach-device", DiskXml.of(in), "Disk attached successfully");
  }

  private static Outcome detachDisk(Invocation in) throws IOException {
    String xml =
        XmlPiece.begin()
            .open("disk")
            .empty("target", "dev", in.operand("target"))
            .close("disk")
            .toString();
    return detach(in, xml, "Disk detached successfully");
  }

  private static Outcome attachInterface(Invocation in) throws IOException {
    return change(in, "attach-device", CardXml.of(in), "Interface attached successfully");
  }

  private static Outcome detachInterface(Invocation in) throws IOException {
    XmlPiece xml = XmlPiece.begin().open("interface", "type", in.operand("type"));
    xml.optional("mac", "address", in.value("mac"));
    return detach(in, xml.close("interface").toString(), "Interface detached successfully");
  }

  private static Outcome detach(Invocation in, String xml, String sentence) throws IOException {
    if (in.flag("print-xml")) {
      return Requests.print(
          in,
          "device-xml",
          Requests.guest(in).with(Json.object("xml", xml)).with(Scopes.of(in)),
          reply -> Requests.members(reply).text("xml"));
    }
    return change(in, "detach-device", xml, sentence);
  }

  private static Outcome change(Invocation in, String verb, String xml, String sentence)
      throws IOException {
    if (in.flag("print-xml")) {
      if (in.options().json()) {
        in.output().json(Json.object("xml", xml));
      } else {
        in.output().text(xml + "\n");
      }
      return Outcome.DONE;
    }
    return Requests.say(
        in, verb, Requests.guest(in).with(Json.object("xml", xml)).with(Scopes.of(in)), sentence);
  }

  private static Outcome setLink(Invocation in) throws IOException {
    String state = in.operand("state");
    if (!state.equals("up") && !state.equals("down")) {
      throw new ControlException(Outcome.USAGE, "<state> is 'up' or 'down', not '" + state + "'");
    }
    Members link =
        Json.object(
            "interface", in.operand("interface"),
            "up", state.equals("up"),
            "config", in.flag("config"));
    return Requests.say(
        in, "domif-setlink", Requests.guest(in).with(link), "Device updated successfully");
  }

  private static Outcome getLink(Invocation in) throws IOException {
    String card = in.operand("interface");
    Members link = Json.object("interface", card, "config", in.flag("config"));
    return Requests.print(
        in,
        "domif-getlink",
        Requests.guest(in).with(link),
        reply -> card + " " + Requests.members(reply).text("state") + "\n");
  }
}
