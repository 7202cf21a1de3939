package launcher.engine.shutdown;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import launcher.engine.bus.BusException;
import launcher.engine.bus.SystemBus;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;
import org.jspecify.annotations.Nullable;

/**
 * Others that also act on guests when this host goes down: libvirt-guests, libvirt's own automatic
 * shutdown, Pacemaker. Two of them on one guest fight, so launcher stands back from a guest that
 * another one manages.
 */
public final class Rivals {
  private static final String UNIT = "libvirt-guests.service";
  private static final String SYSTEMD = "org.freedesktop.systemd1";

  /** Its object on the bus: what is no letter and no digit is written as its number. */
  private static final String UNIT_OBJECT =
      "/org/freedesktop/systemd1/unit/libvirt_2dguests_2eservice";

  private static final Pattern SETTING =
      Pattern.compile(
          "(?m)^\\s*(auto_shutdown_(?:try_save|try_shutdown|poweroff))\\s*=\\s*[\"']?(\\w+)");

  private final Path root;
  private final @Nullable SystemBus bus;

  /**
   * Somebody's guest.
   *
   * @param uuid of the guest, lower case, empty where the definition names none
   * @param name of the guest
   * @param by who manages it, and how to end that
   */
  public record Claim(String uuid, String name, String by) {
    /** Whether it is about that guest. */
    public boolean covers(Candidate guest) {
      return uuid.isEmpty() ? name.equals(guest.name()) : uuid.equals(guest.uuid());
    }
  }

  /**
   * On a host whose systemd can be asked.
   *
   * @param root {@code /}
   * @param bus where systemd is
   */
  public Rivals(Path root, SystemBus bus) {
    this.root = root;
    this.bus = bus;
  }

  /**
   * Of files alone.
   *
   * @param root {@code /}, or a folder that stands for it in a test
   */
  public Rivals(Path root) {
    this.root = root;
    this.bus = null;
  }

  /**
   * Who else manages which guest.
   *
   * @throws IOException when a file that would say so cannot be read
   */
  public List<Claim> claims() throws IOException {
    List<Claim> claims = new ArrayList<>();
    Optional<String> libvirt = libvirtActs();
    if (libvirt.isPresent()) {
      for (String folder : List.of("etc/libvirt/qemu", "etc/libvirt/lxc")) {
        for (Path file : xmlFiles(root.resolve(folder))) {
          claim(file, libvirt.get()).ifPresent(claims::add);
        }
      }
    }
    Path cluster = root.resolve("var/lib/pacemaker/cib/cib.xml");
    if (Files.isReadable(cluster)) {
      Optional<XmlElement> cib = read(cluster);
      if (cib.isEmpty()) {
        throw new IOException("'" + cluster + "' is no XML");
      }
      clusterGuests(cib.get(), claims);
    }
    return claims;
  }

  private Optional<String> libvirtActs() throws IOException {
    if (unitActs()) {
      return Optional.of("libvirt-guests (systemctl disable --now libvirt-guests)");
    }
    Path settings = root.resolve("etc/libvirt/qemu.conf");
    if (Files.isReadable(settings)) {
      Matcher setting = SETTING.matcher(Files.readString(settings));
      while (setting.find()) {
        if (!setting.group(2).equals("none")) {
          return Optional.of(
              "libvirt's automatic shutdown (" + setting.group(1) + " in /etc/libvirt/qemu.conf)");
        }
      }
    }
    return Optional.empty();
  }

  /** Enabled for a later boot, or started by hand for this one. */
  private boolean unitActs() throws IOException {
    if (isMasked(root.resolve("etc/systemd/system").resolve(UNIT))) {
      return false;
    }
    return isWanted("etc/systemd/system")
        || isWanted("run/systemd/system")
        || isWanted("usr/lib/systemd/system")
        || isActive();
  }

  private boolean isWanted(String folder) throws IOException {
    Path units = root.resolve(folder);
    if (!Files.isDirectory(units)) {
      return false;
    }
    try (Stream<Path> targets = Files.list(units)) {
      return targets
          .filter(t -> t.getFileName().toString().matches(".*\\.(wants|requires)"))
          .anyMatch(t -> Files.exists(t.resolve(UNIT), LinkOption.NOFOLLOW_LINKS));
    }
  }

  private static boolean isMasked(Path unit) throws IOException {
    return Files.isSymbolicLink(unit) && Files.readSymbolicLink(unit).equals(Path.of("/dev/null"));
  }

  private boolean isActive() {
    SystemBus systemd = bus;
    if (systemd == null) {
      return false;
    }
    try {
      List<Object> state =
          systemd.call(
              SYSTEMD,
              UNIT_OBJECT,
              "org.freedesktop.DBus.Properties",
              "Get",
              "ss",
              SYSTEMD + ".Unit",
              "ActiveState");
      return state.getFirst().toString().matches("(?s).*\\b(active|deactivating)\\b.*");
    } catch (BusException notLoaded) {
      return false;
    }
  }

  private void clusterGuests(XmlElement element, List<Claim> claims) {
    if (element.name().equals("primitive") && element.is("type", "VirtualDomain")) {
      for (XmlElement attributes : element.children("instance_attributes")) {
        for (XmlElement pair : attributes.children("nvpair")) {
          if (pair.is("name", "config")) {
            String path = pair.attribute("value", "");
            claim(
                    root.resolve(path.replaceFirst("^/+", "")),
                    "Pacemaker (resource '" + element.attribute("id", "") + "' of '" + path + "')")
                .ifPresent(claims::add);
          }
        }
      }
    }
    element.children().forEach(child -> clusterGuests(child, claims));
  }

  private static List<Path> xmlFiles(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().endsWith(".xml")).sorted().toList();
    }
  }

  /** A file that cannot be read names no guest. */
  private static Optional<Claim> claim(Path file, String by) {
    return read(file)
        .map(domain ->
            new Claim(
                domain.value("uuid", "").strip().toLowerCase(Locale.ROOT),
                domain.value("name", ""),
                by));
  }

  private static Optional<XmlElement> read(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > XmlReader.MAX_SIZE) {
        return Optional.empty();
      }
      return Optional.of(XmlReader.read(file.toString(), Files.readString(file)));
    } catch (IOException | XmlException _) {
      return Optional.empty();
    }
  }
}
