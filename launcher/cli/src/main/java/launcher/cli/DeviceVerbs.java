package launcher.cli;

import java.io.IOException;
import java.util.List;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that change a running guest's media, disks and memory. */
final class DeviceVerbs implements VerbFamily {
  private static final long KIB = 1024;

  @Override
  public String title() {
    return "Devices of guests";
  }

  @Override
  public List<String> names() {
    return List.of("change-media", "blockresize", "update-memory-device");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "change-media" ->
          Scopes.options(
                  new Verb(name, "change the medium of a drive", DeviceVerbs::changeMedia)
                      .operand(Requests.DOMAIN)
                      .operand("path")
                      .optionalOperand("source"))
              .flag("eject", "take the medium out")
              .flag("insert", "put a medium in")
              .flag("update", "put another medium in")
              .option("format", "format", "of the medium: raw (so without this), qcow2 ...")
              .flag("block", "the medium is a block device (looked up without this)")
              .flag("force", "even if the guest has locked the drive")
              .flag("print-xml", "show the drive as it would be, change nothing");
      case "blockresize" ->
          new Verb(name, "give a disk of a running guest another size", DeviceVerbs::resize)
              .operand(Requests.DOMAIN)
              .operand("path")
              .operand("size");
      case "update-memory-device" ->
          Scopes.options(
                  new Verb(
                          name,
                          "ask a guest to use more or less of a virtio-mem device",
                          DeviceVerbs::requestedMemory)
                      .operand(Requests.DOMAIN))
              .option("alias", "name", "of the device, where there are several")
              .option("node", "number", "of the guest's memory, where there are several")
              .option("requested-size", "size", "KiB without a unit; a multiple of its blocks");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Outcome changeMedia(Invocation in) throws IOException {
    String path = in.operand("path");
    if (in.flag("eject") == in.findOperand("source").isPresent()) {
      throw new ControlException(
          Outcome.USAGE, "'change-media' needs <source> or --eject, and not both");
    }
    if (in.flag("print-xml")) {
      return printed(in, path);
    }
    Members medium =
        Json.object(
            "target", path,
            "source", in.findOperand("source").map(Requests::absolute),
            "format", in.value("format"),
            "eject", in.flag("eject"),
            "insert", in.flag("insert"),
            "force", in.flag("force"));
    String done = in.flag("eject") ? "ejected" : in.flag("insert") ? "inserted" : "updated";
    return Requests.say(
        in,
        "change-media",
        Requests.guest(in).with(medium).with(Scopes.of(in)),
        "Successfully " + done + " media.");
  }

  private static Outcome printed(Invocation in, String path) throws IOException {
    XmlPiece drive = XmlPiece.begin().open("disk").empty("target", "dev", path);
    Members which =
        Requests.guest(in)
            .with(
                Json.object(
                    "xml", drive.close("disk").toString(),
                    "medium", in.findOperand("source").map(Requests::absolute),
                    "eject", in.flag("eject")))
            .with(Scopes.of(in));
    return Requests.print(in, "device-xml", which, reply -> Requests.members(reply).text("xml"));
  }

  private static Outcome requestedMemory(Invocation in) throws IOException {
    String size =
        in.value("requested-size")
            .orElseThrow(() ->
                new ControlException(
                    Outcome.USAGE, "'update-memory-device' needs --requested-size"));
    Members wanted =
        Json.object(
            "alias", in.value("alias"),
            "node", in.number("node", 0),
            "kib", Sizes.bytes("requested-size", size, KIB) / KIB);
    return Requests.say(
        in,
        "update-memory-device",
        Requests.guest(in).with(wanted).with(Scopes.of(in)),
        "Device updated successfully");
  }

  private static Outcome resize(Invocation in) throws IOException {
    String path = in.operand("path");
    long bytes = Sizes.bytes("size", in.operand("size"), KIB);
    if (bytes == 0) {
      throw new ControlException(Outcome.USAGE, "size 0 would empty the disk");
    }
    return Requests.say(
        in,
        "blockresize",
        Requests.guest(in).with(Json.object("target", path, "bytes", bytes)),
        "Block device '" + path + "' is resized");
  }
}
