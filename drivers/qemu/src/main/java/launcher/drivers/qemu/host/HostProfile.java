package launcher.drivers.qemu.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.capabilities.QemuProbe;
import launcher.drivers.qemu.capabilities.RecordedExchange;
import launcher.drivers.qemu.host.QemuHost.HugepageMount;
import launcher.drivers.qemu.host.QemuHost.Settings;
import launcher.drivers.qemu.host.QemuHost.StateFolders;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import tools.jackson.core.JacksonException;

/**
 * A folder that describes a host, so that domains can be translated for it anywhere:
 *
 * <pre>
 * replies                        recorded QMP conversation, or a folder of them (ARCH.replies)
 * settings.json                  optional: settings of the launcher and facts of the host
 * pools/*.xml                    optional: storage pools, in libvirt's format
 * networks/*.xml                 optional: networks, in libvirt's format
 * etc/qemu/firmware/*.json       optional: firmware descriptors, as on the host
 * usr/share/qemu/firmware/*.json
 * </pre>
 *
 * <p>{@code FILE.settings.json} beside a {@code FILE.xml} is laid over {@code settings.json}.
 */
public final class HostProfile {
  private static final List<String> FIRMWARE_FOLDERS =
      List.of("etc/qemu/firmware", "usr/share/qemu/firmware");

  private HostProfile() {}

  /**
   * Reads a profile.
   *
   * @throws UncheckedIOException when a file cannot be read
   * @throws IllegalArgumentException when there are no replies, or they are not JSON
   */
  public static QemuHost read(Path folder) {
    try {
      return host(folder, capabilities(folder.resolve("replies")));
    } catch (IOException e) {
      throw new UncheckedIOException("host profile '" + folder + "' cannot be read: " + e, e);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "host profile '" + folder + "' is not JSON: " + e.getMessage(), e);
    }
  }

  private static QemuCapabilities capabilities(Path replies) throws IOException {
    if (!Files.isRegularFile(replies)) {
      throw new IllegalArgumentException(
          "no recorded QMP conversation '" + replies + "': record one or name another folder");
    }
    return capabilities(Files.readString(replies));
  }

  /**
   * The capabilities that a recorded conversation tells.
   *
   * @throws IllegalArgumentException when it holds no conversation
   */
  public static QemuCapabilities capabilities(String replies) {
    List<RecordedExchange> conversations = RecordedExchange.conversations(replies);
    if (conversations.isEmpty()) {
      throw new IllegalArgumentException("the replies hold no QMP conversation");
    }
    return QemuProbe.probe(
        conversations.get(0),
        conversations.size() > 1 ? Optional.of(conversations.get(1)) : Optional.empty());
  }

  /** A host with these capabilities and what else the folder holds. */
  public static QemuHost host(Path folder, QemuCapabilities capabilities) throws IOException {
    Path file = folder.resolve("settings.json");
    JsonObject json =
        Files.isRegularFile(file) ? JsonText.object(Files.readString(file)) : JsonObject.EMPTY;
    String state = json.string("stateFolder", "/var/lib/libvirt/qemu");
    return new QemuHost(
        capabilities,
        json.string("arch", "x86_64"),
        firmware(folder),
        settings(json)
            .or("utcOffsetSeconds", "-1800")
            .or("numaNodes", "0-3")
            // what the engine finds out at a start
            .or("vsockCid", "42")
            .or("scsiGeneric", "/dev/sg0")
            .or("transientDisks", "on")
            .or("openVolumes", "on")
            .or("swtpmSocket", "/dev/test"),
        hugepages(json),
        new StateFolders(
            state,
            json.string("nvramFolder", state + "/nvram"),
            json.string("runFolder", "/var/run/libvirt/qemu"),
            json.string("logFolder", "/var/log/libvirt/qemu")),
        Optional.of(json.string("renderNode", "/dev/dri/foo")),
        json.bool("resolveMachineAliases", false),
        json.number("now", 1_234_567_890),
        StoragePools.read(folder.resolve("pools")),
        DescribedNetworks.read(folder.resolve("networks")),
        Randomness.counting());
  }

  /** The settings that a JSON object holds; texts, numbers and truths. */
  public static Settings settings(JsonObject json) {
    Map<String, String> values = new HashMap<>();
    for (String name : json.names()) {
      Object value = json.get(name);
      if (value instanceof String || value instanceof Number || value instanceof Boolean) {
        values.put(name, value.toString());
      }
    }
    return new Settings(values);
  }

  private static List<HugepageMount> hugepages(JsonObject json) {
    List<HugepageMount> mounts = new ArrayList<>();
    for (JsonObject mount : json.objects("hugepages")) {
      mounts.add(new HugepageMount(mount.number("sizeKib", 0), mount.string("path", "")));
    }
    return json.has("hugepages")
        ? mounts
        : List.of(
            new HugepageMount(2048, "/dev/hugepages2M"),
            new HugepageMount(1_048_576, "/dev/hugepages1G"));
  }

  // QEMU's docs/interop/firmware.json: by file name over all folders; a file in /etc hides one of
  // the same name elsewhere, an empty one hides without replacing it.
  /** The firmware descriptors under a folder; {@code /} for those of this host. */
  public static List<FirmwareDescriptor> firmware(Path folder) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    for (String place : FIRMWARE_FOLDERS) {
      Path descriptors = folder.resolve(place);
      if (Files.isDirectory(descriptors)) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(descriptors, "*.json")) {
          found.forEach(f -> files.putIfAbsent(f.getFileName().toString(), f));
        }
      }
    }
    List<FirmwareDescriptor> descriptors = new ArrayList<>();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      descriptor(file.getKey(), Files.readString(file.getValue())).ifPresent(descriptors::add);
    }
    return descriptors;
  }

  // A descriptor that is no JSON hides nobody: QEMU's document asks to pass over it.
  private static Optional<FirmwareDescriptor> descriptor(String name, String text) {
    try {
      JsonObject json = JsonText.object(text);
      return json.has("mapping")
          ? Optional.of(FirmwareDescriptor.of(name, json))
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
