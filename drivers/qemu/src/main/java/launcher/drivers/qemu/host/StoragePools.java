package launcher.drivers.qemu.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;

/**
 * The storage pools that somebody has described, in libvirt's format ({@code formatstorage}), one a
 * file. Launcher makes and fills no pools; it only looks up where the volumes of one lie.
 *
 * @param byName the pools' descriptions
 */
public record StoragePools(Map<String, XmlElement> byName) {
  /** A host without pools. */
  public static final StoragePools NONE = new StoragePools(Map.of());

  /** Copies the map. */
  public StoragePools {
    byName = Map.copyOf(byName);
  }

  /**
   * The pools described by the {@code *.xml} files of a folder; none where there is no folder.
   *
   * @throws IOException when a file cannot be read or is no description of a pool
   */
  public static StoragePools read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return NONE;
    }
    Map<String, XmlElement> pools = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.xml")) {
      for (Path file : files) {
        XmlElement pool = pool(file);
        pools.put(pool.value("name", ""), pool);
      }
    }
    return new StoragePools(pools);
  }

  private static XmlElement pool(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      XmlElement pool = XmlReader.read(file.toString(), in.readNBytes(XmlReader.MAX_SIZE + 1));
      if (!pool.name().equals("pool") || pool.value("name", "").isEmpty()) {
        throw new IOException(
            "'" + file + "' does not describe a storage pool: <pool> with <name>");
      }
      return pool;
    } catch (XmlException e) {
      throw new IOException("'" + file + "' is no XML: " + e.getMessage(), e);
    }
  }

  /** The pool of that name. */
  public Optional<XmlElement> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
