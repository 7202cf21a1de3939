package launcher.cli;

import java.io.IOException;
import java.util.List;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that change a guest's devices, memory and processors. */
final class DeviceVerbs implements VerbFamily {
  private static final long KIB = 1024;

  @Override
  public String title() {
    return "Devices of guests";
  }

  @Override
  public List<String> names() {
    return List.of(
        "attach-device",
        "detach-device",
        "attach-disk",
        "detach-disk",
        "change-media",
        "blockresize",
        "setmem",
        "setvcpus");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "attach-device" ->
          scoped(new Verb(name, "add a device from an XML file", DeviceVerbs::attach))
              .operand(Requests.DOMAIN)
              .operand("file");
      case "detach-device" ->
          scoped(
                  new Verb(
                      name, "remove the device that an XML file describes", DeviceVerbs::detach))
              .operand(Requests.DOMAIN)
              .operand("file");
      case "attach-disk" ->
          scoped(new Verb(name, "add a disk", DeviceVerbs::attachDisk))
              .operand(Requests.DOMAIN)
              .operand("source")
              .operand("target")
              .option(
                  "targetbus", "bus", "virtio, scsi, sata, ide, usb; from the target without this")
              .option("subdriver", "format", "raw, qcow2 ...")
              .option("driver", "name", "qemu (so anyway)")
              .option("cache", "mode", "none, writeback ...")
              .option("io", "mode", "threads, native, io_uring")
              .option("type", "device", "disk or cdrom")
              .option("mode", "mode", "readonly or shareable")
              .option("sourcetype", "type", "file or block")
              .option("serial", "text", "its serial number");
      case "detach-disk" ->
          scoped(new Verb(name, "remove a disk", DeviceVerbs::detachDisk))
              .operand(Requests.DOMAIN)
              .operand("target");
      case "change-media" ->
          scoped(new Verb(name, "change the medium of a drive", DeviceVerbs::changeMedia))
              .operand(Requests.DOMAIN)
              .operand("path")
              .optionalOperand("source")
              .flag("eject", "take the medium out")
              .flag("insert", "put a medium in")
              .flag("update", "put another medium in")
              .flag("force", "even if the guest has locked the drive");
      case "blockresize" ->
          new Verb(name, "give a disk of a running guest another size", DeviceVerbs::resize)
              .operand(Requests.DOMAIN)
              .operand("path")
              .operand("size");
      case "setmem" ->
          scoped(
                  new Verb(
                      name,
                      "give a guest more or less memory (KiB without a unit)",
                      DeviceVerbs::memory))
              .operand(Requests.DOMAIN)
              .operand("size");
      case "setvcpus" ->
          scoped(new Verb(name, "give a guest more or fewer processors", DeviceVerbs::processors))
              .operand(Requests.DOMAIN)
              .operand("count")
              .flag("maximum", "change the most it may have; at its next start");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb scoped(Verb verb) {
    return verb.flag("live", "in the running guest")
        .flag("config", "at its next start")
        .flag("current", "in the running guest, or in the definition of one that is shut off")
        .flag("persistent", "in the definition, and in the guest if it runs");
  }

  private static Members scope(Invocation in) {
    boolean persistent = in.flag("persistent");
    return Json.object(
        "live",
        in.flag("live"),
        "config",
        in.flag("config") || persistent,
        "persistent",
        persistent);
  }

  private static Outcome change(Invocation in, String verb, Members what, String sentence)
      throws IOException {
    return Requests.say(in, verb, Requests.guest(in).with(scope(in)).with(what), sentence);
  }

  private static Outcome attach(Invocation in) throws IOException {
    Members xml = Json.object("xml", Requests.file(in.operand("file")), "file", in.operand("file"));
    return change(in, "attach-device", xml, "Device attached successfully");
  }

  private static Outcome detach(Invocation in) throws IOException {
    Members xml = Json.object("xml", Requests.file(in.operand("file")), "file", in.operand("file"));
    return change(in, "detach-device", xml, "Device detached successfully");
  }

  private static Outcome attachDisk(Invocation in) throws IOException {
    Members xml = Json.object("xml", DiskXml.of(in), "file", "attach-disk");
    return change(in, "attach-device", xml, "Disk attached successfully");
  }

  private static Outcome detachDisk(Invocation in) throws IOException {
    Members target = Json.object("target", in.operand("target"));
    return change(in, "detach-disk", target, "Disk detached successfully");
  }

  private static Outcome changeMedia(Invocation in) throws IOException {
    String path = in.operand("path");
    Members medium =
        Json.object(
            "target", path,
            "source", in.findOperand("source").map(Requests::absolute),
            "eject", in.flag("eject"),
            "force", in.flag("force"));
    String done = in.flag("eject") ? "ejected" : in.flag("insert") ? "inserted" : "updated";
    return change(in, "change-media", medium, "Successfully " + done + " media.");
  }

  private static Outcome resize(Invocation in) throws IOException {
    String path = in.operand("path");
    long bytes = Sizes.bytes("size", in.operand("size"), KIB);
    return Requests.say(
        in,
        "blockresize",
        Requests.guest(in).with(Json.object("target", path, "bytes", bytes)),
        "Block device '" + path + "' is resized");
  }

  private static Outcome memory(Invocation in) throws IOException {
    long kib = Sizes.bytes("size", in.operand("size"), KIB) / KIB;
    return change(in, "setmem", Json.object("kib", kib), "Memory is set to " + kib + " KiB");
  }

  private static Outcome processors(Invocation in) throws IOException {
    long count = Numbers.whole("count", in.operand("count"), 1);
    Members what = Json.object("count", count, "maximum", in.flag("maximum"));
    return change(in, "setvcpus", what, "The guest has " + count + " processors");
  }
}
