package launcher.engine.shutdown;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Others that also act on guests when this host goes down: libvirt-guests, libvirt's own automatic
 * shutdown, Pacemaker. Two of them on one guest fight, so launcher stands back from a guest that
 * another one manages.
 */
public final class Rivals {
  private static final Pattern UUID = Pattern.compile("<uuid>\\s*([0-9a-fA-F-]{36})\\s*</uuid>");
  private static final Pattern SETTING =
      Pattern.compile(
          "(?m)^\\s*auto_shutdown_(?:try_save|try_shutdown|poweroff)\\s*=\\s*\"(\\w+)\"");
  private static final Pattern PACEMAKER =
      Pattern.compile("<primitive[^>]*type=\"VirtualDomain\".*?</primitive>", Pattern.DOTALL);
  private static final Pattern PACEMAKER_CONFIG =
      Pattern.compile(
          "name=\"config\"\\s+value=\"([^\"]*)\"|value=\"([^\"]*)\"\\s+name=\"config\"");

  private final Path root;

  /**
   * @param root {@code /}, or a folder that stands for it in a test
   */
  public Rivals(Path root) {
    this.root = root;
  }

  /**
   * Who else manages which guest.
   *
   * @return UUID of a guest (lower case) to the rival in words; empty where nobody else does
   */
  public Map<String, String> managed() throws IOException {
    Map<String, String> managed = new LinkedHashMap<>();
    Optional<String> libvirt = libvirtActs();
    if (libvirt.isPresent()) {
      for (Path file : xmlFiles(root.resolve("etc/libvirt/qemu"))) {
        uuidOf(file).ifPresent(uuid -> managed.put(uuid, libvirt.get()));
      }
    }
    Path cluster = root.resolve("var/lib/pacemaker/cib/cib.xml");
    if (Files.isReadable(cluster)) {
      for (Path file : clusterGuests(Files.readString(cluster))) {
        uuidOf(file).ifPresent(uuid -> managed.put(uuid, "Pacemaker (resource of '" + file + "')"));
      }
    }
    return managed;
  }

  private Optional<String> libvirtActs() throws IOException {
    Path enabled =
        root.resolve("etc/systemd/system/multi-user.target.wants/libvirt-guests.service");
    if (Files.exists(enabled, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of("libvirt-guests (systemctl disable libvirt-guests)");
    }
    Path settings = root.resolve("etc/libvirt/qemu.conf");
    if (Files.isReadable(settings)) {
      Matcher setting = SETTING.matcher(Files.readString(settings));
      while (setting.find()) {
        if (!setting.group(1).equals("none")) {
          return Optional.of(
              "libvirt's automatic shutdown (auto_shutdown_… in /etc/libvirt/qemu.conf)");
        }
      }
    }
    return Optional.empty();
  }

  private List<Path> clusterGuests(String cib) {
    List<Path> files = new ArrayList<>();
    Matcher primitive = PACEMAKER.matcher(cib);
    while (primitive.find()) {
      Matcher config = PACEMAKER_CONFIG.matcher(primitive.group());
      if (config.find()) {
        String path = config.group(1) == null ? config.group(2) : config.group(1);
        files.add(root.resolve(path.replaceFirst("^/+", "")));
      }
    }
    return files;
  }

  private static List<Path> xmlFiles(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().endsWith(".xml")).sorted().toList();
    }
  }

  /**
   * The one value that is needed of a file that is not ours; a file that cannot be read names no
   * guest.
   */
  private static Optional<String> uuidOf(Path file) {
    try {
      Matcher uuid = UUID.matcher(Files.readString(file));
      return uuid.find()
          ? Optional.of(uuid.group(1).toLowerCase(java.util.Locale.ROOT))
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
