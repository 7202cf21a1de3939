package launcher.engine.device;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** SCSI devices of the host that guests send commands to. */
public final class ScsiDevices {
  private static final String ADAPTER = "scsi_host";

  private final Sysfs sysfs;

  /** Of this host. */
  public ScsiDevices() {
    this(Sysfs.HOST);
  }

  ScsiDevices(Sysfs sysfs) {
    this.sysfs = sysfs;
  }

  /**
   * Where the device files of a guest's SCSI devices lie, as the translation asks for them: {@code
   * scsi:scsi_host0:0:1:0} to {@code /dev/sg3}. One that the host has not is left out.
   */
  public Map<String, String> settings(XmlElement domain) {
    Map<String, String> settings = new HashMap<>();
    for (XmlElement hostdev :
        domain.child("devices").map(all -> all.children("hostdev")).orElse(List.of())) {
      node(hostdev)
          .ifPresent(node ->
              settings.put(
                  "scsi:%s:%s".formatted(hostdev.value("source/adapter/@name", ""), place(hostdev)),
                  node.toString()));
    }
    return settings;
  }

  /** The file of one; empty for another device, and where the host has none. */
  Optional<Path> node(XmlElement hostdev) {
    String adapter = hostdev.value("source/adapter/@name", "");
    if (!hostdev.is("type", "scsi") || !adapter.matches(ADAPTER + "\\d+")) {
      return Optional.empty();
    }
    String address = adapter.substring(ADAPTER.length()) + ":" + place(hostdev);
    return sysfs.names(sysfs.path("bus", "scsi", "devices", address, "scsi_generic")).stream()
        .findFirst()
        .map(name -> Path.of("/dev", name));
  }

  private static String place(XmlElement hostdev) {
    return number(hostdev, "bus") + ":" + number(hostdev, "target") + ":" + number(hostdev, "unit");
  }

  private static long number(XmlElement hostdev, String part) {
    return Numbers.parse(hostdev.value("source/address/@" + part, "")).orElse(0);
  }
}
