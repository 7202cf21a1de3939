package launcher.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Outcome;

/** The {@code <disk>} that the words and options of {@code attach-disk} mean. */
final class DiskXml {
  private DiskXml() {}

  static String of(Invocation in) {
    String target = in.operand("target");
    String sourceType = sourceType(in);
    boolean block = sourceType.equals("block");
    String device = in.value("type").orElse("disk");
    String source = in.operand("source");
    XmlPiece xml =
        XmlPiece.begin()
            .open(
                "disk",
                "type",
                sourceType,
                "device",
                device,
                "rawio",
                in.flag("rawio") ? "yes" : "");
    Optional<String> format = in.value("subdriver");
    xml.empty(
        "driver",
        "name",
        in.value("driver").orElse("qemu"),
        "type",
        format.orElse(""),
        "cache",
        in.value("cache").orElse(""),
        "io",
        in.value("io").orElse(""),
        "iothread",
        in.value("iothread").orElse(""));
    if (sourceType.equals("network")) {
      network(in, xml, source);
    } else if (!source.isEmpty()) {
      xml.empty("source", block ? "dev" : "file", Requests.absolute(source));
    }
    xml.empty("target", "dev", target, "bus", in.value("targetbus").orElse(""));
    xml.element("serial", in.value("serial")).element("wwn", in.value("wwn"));
    xml.optional("alias", "name", in.value("alias"));
    in.value("mode").ifPresent(mode -> xml.empty(mode(mode)));
    in.value("address").ifPresent(address -> address(in, xml, address));
    return xml.close("disk").toString();
  }

  private static void network(Invocation in, XmlPiece xml, String name) {
    String protocol =
        in.value("source-protocol")
            .orElseThrow(() ->
                new ControlException(
                    Outcome.USAGE, "a disk of the network needs --source-protocol"));
    xml.open("source", "protocol", protocol, "name", name);
    String host = in.value("source-host-name").orElse("");
    int colon = host.lastIndexOf(':');
    // a colon of an IPv6 address is none before a port, unless the address stands in brackets
    boolean port = colon > 0 && (host.indexOf(':') == colon || host.charAt(colon - 1) == ']');
    String socket = in.value("source-host-socket").orElse("");
    String transport = in.value("source-host-transport").orElse(socket.isEmpty() ? "" : "unix");
    if (!host.isEmpty() || !socket.isEmpty()) {
      xml.empty(
          "host",
          "name",
          port ? host.substring(0, colon) : host,
          "port",
          port ? host.substring(colon + 1) : "",
          "transport",
          transport,
          "socket",
          socket);
    }
    xml.close("source");
  }

  private static String mode(String mode) {
    if (!mode.equals("readonly") && !mode.equals("shareable")) {
      throw new ControlException(
          Outcome.USAGE, "--mode is 'readonly' or 'shareable', not '" + mode + "'");
    }
    return mode;
  }

  private static String sourceType(Invocation in) {
    Optional<String> said =
        in.value("sourcetype").or(() -> in.value("source-protocol").map(_ -> "network"));
    if (said.isPresent()) {
      if (!List.of("file", "block", "network").contains(said.get())) {
        throw new ControlException(
            Outcome.USAGE, "--sourcetype is file, block or network, not '" + said.get() + "'");
      }
      return said.get();
    }
    return in.operand("source").startsWith("/dev/")
            && Files.exists(Path.of(in.operand("source")))
            && !Files.isRegularFile(Path.of(in.operand("source")))
        ? "block"
        : "file";
  }

  /**
   * Addresses as virsh takes them: {@code pci:0000.00.04.00}, {@code scsi:0.0.0}, {@code usb:1.2}.
   */
  private static void address(Invocation in, XmlPiece xml, String address) {
    String[] halves = address.split(":", 2);
    String[] parts = halves.length == 2 ? halves[1].split("\\.", -1) : new String[0];
    switch (halves[0] + " " + parts.length) {
      case "pci 4" -> xml.pciAddress(parts, in.flag("multifunction"));
      case "scsi 3", "ide 3", "sata 3" ->
          xml.empty(
              "address",
              "type",
              "drive",
              "controller",
              parts[0],
              "bus",
              parts[1],
              "unit",
              parts[2]);
      case "usb 2" -> xml.empty("address", "type", "usb", "bus", parts[0], "port", parts[1]);
      default ->
          throw new ControlException(
              Outcome.USAGE,
              "--address is pci:0000.00.04.00, scsi:0.0.0, sata:0.0.0, ide:0.0.0 or usb:1.2, not '"
                  + address
                  + "'");
    }
  }
}
