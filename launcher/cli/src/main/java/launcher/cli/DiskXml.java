package launcher.cli;

import java.util.Map;
import java.util.Optional;

/** The XML of the disk that {@code attach-disk} describes by options. */
final class DiskXml {
  private static final Map<String, String> BUS_BY_TARGET =
      Map.of("vd", "virtio", "sd", "scsi", "hd", "ide", "fd", "fdc", "ub", "usb");

  private DiskXml() {}

  static String of(Invocation in) {
    String source = in.operand("source");
    String target = in.operand("target");
    String type = in.value("sourcetype").orElse(source.startsWith("/dev/") ? "block" : "file");
    StringBuilder xml = new StringBuilder("<disk");
    attribute(xml, "type", Optional.of(type));
    attribute(xml, "device", in.value("type"));
    xml.append(">\n  <driver name='qemu'");
    attribute(xml, "type", in.value("subdriver"));
    attribute(xml, "cache", in.value("cache"));
    attribute(xml, "io", in.value("io"));
    xml.append("/>\n  <source");
    attribute(xml, type.equals("block") ? "dev" : "file", Optional.of(Requests.absolute(source)));
    xml.append("/>\n  <target");
    attribute(xml, "dev", Optional.of(target));
    String prefix = target.substring(0, Math.min(2, target.length()));
    attribute(
        xml, "bus", in.value("targetbus").or(() -> Optional.ofNullable(BUS_BY_TARGET.get(prefix))));
    xml.append("/>\n");
    in.value("mode").ifPresent(mode -> xml.append("  <").append(mode).append("/>\n"));
    in.value("serial")
        .ifPresent(
            serial -> xml.append("  <serial>").append(escaped(serial)).append("</serial>\n"));
    return xml.append("</disk>\n").toString();
  }

  private static void attribute(StringBuilder xml, String name, Optional<String> value) {
    value.ifPresent(
        text -> xml.append(' ').append(name).append("='").append(escaped(text)).append('\''));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("'", "&apos;")
        .replace("\n", "&#10;");
  }
}
