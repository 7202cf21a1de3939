package launcher.engine.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The links of the host's network, as sysfs shows them (Linux, sysfs-class-net). */
public final class HostLinks {
  private static final Path ALL = Path.of("/sys/class/net");

  private HostLinks() {}

  /** Whether there is a link of that name. */
  public static boolean exists(String device) {
    return Files.exists(ALL.resolve(device));
  }

  /**
   * The number of a link (ifindex), 0 when it has just gone. A later link has a higher one.
   *
   * @throws IOException when sysfs says something else than a number
   */
  public static int number(String device) throws IOException {
    try {
      return Integer.parseInt(Files.readString(ALL.resolve(device).resolve("ifindex")).strip());
    } catch (NumberFormatException e) {
      throw new IOException("link '" + device + "' has no number", e);
    } catch (IOException gone) {
      if (exists(device)) {
        throw gone;
      }
      return 0;
    }
  }

  /** The highest number of a link. */
  public static int highest() throws IOException {
    int highest = 0;
    for (Path link : all()) {
      highest = Math.max(highest, number(String.valueOf(link.getFileName())));
    }
    return highest;
  }

  private static List<Path> all() throws IOException {
    try (Stream<Path> links = Files.list(ALL)) {
      return links.filter(Files::isDirectory).toList();
    }
  }
}
