package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Environment;
import launcher.spawn.RealSpawner;
import launcher.spawn.Spawner;

/** An engine below a folder of a test, and guests with one disk each. */
final class IsolatedGuests implements AutoCloseable {
  private final Path root;
  private final Path disk;
  private Engine engine;

  IsolatedGuests(Path folder) throws IOException {
    root = folder.toRealPath();
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    disk = BootSector.disk(root);
    engine = Engine.open(Folders.under(root), new RealSpawner());
  }

  Engine engine() {
    return engine;
  }

  /** The folder, without symbolic links. */
  Path root() {
    return root;
  }

  /** Another engine, with other settings or another door to processes. */
  void reopen(String settings, Spawner spawner) throws IOException {
    engine.close();
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/isolation.conf"), settings);
    engine = Engine.open(Folders.under(root), spawner);
  }

  /** A copy of the disk that boots. */
  Path copy(String name) throws IOException {
    Path copy = root.resolve(name);
    Files.createDirectories(copy.getParent());
    return Files.copy(disk, copy);
  }

  /** Defines one. */
  Guest define(String name, String devices, String more) {
    String xml =
        "<domain type='qemu'><name>"
            + escaped(name)
            + "</name><memory unit='MiB'>16</memory><os><type arch='x86_64' machine='pc'>hvm</type></os><devices>"
            + devices
            + "<video><model type='none'/></video></devices>"
            + more
            + "</domain>";
    return engine.guests().define(xml, DefineOptions.STRICT).guest();
  }

  Guest define(String name, Path image) {
    return define(name, disk("raw", image), "");
  }

  static String disk(String format, Path image) {
    return disk("file", format, image, "");
  }

  static String disk(String type, String format, Path image, String more) {
    return "<disk type='"
        + type
        + "' device='disk'><driver name='qemu' type='"
        + format
        + "'/><source "
        + (type.equals("block") ? "dev" : "file")
        + "='"
        + escaped(image.toString())
        + "'/><target dev='vda' bus='virtio'/>"
        + more
        + "</disk>";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
  }

  /** Why it does not start. */
  static String refusal(Guest guest) {
    return String.valueOf(
        assertThrows(EngineException.class, () -> guest.start(StartOptions.DEFAULT)).getMessage());
  }

  /** Runs a tool to its end. */
  static Completed run(String program, String... words) {
    return new RealSpawner()
        .run(
            CommandSpec.of(program)
                .addAll(java.util.List.of(words))
                .environment(Environment.common())
                .capture()
                .build())
        .orThrow();
  }

  @Override
  public void close() {
    for (Guest guest : engine.guests().list()) {
      if (guest.state().active()) {
        guest.destroy(false);
      }
    }
    engine.close();
  }
}
