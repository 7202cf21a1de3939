package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import launcher.spawn.Accounts;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Confinement;
import launcher.spawn.Environment;
import launcher.spawn.Identity;
import launcher.spawn.RealSpawner;
import launcher.spawn.Spawner;
import launcher.spawn.StandardInput;
import launcher.spawn.StandardOutput;
import launcher.spawn.StandardStreams;

/** An engine below a folder of a test, and guests with one disk each. */
final class IsolatedGuests implements AutoCloseable {
  private static final String USER = "libvirt-qemu";
  private static final long NOBODY = 65534;

  private final Path root;
  private final Path disk;
  private Engine engine;

  IsolatedGuests(Path folder) throws IOException {
    root = folder.toRealPath();
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    disk = BootSector.disk(root);
    engine = Engine.open(Folders.under(root), new RealSpawner());
  }

  /** Guests that run as a user of their own, on a host where that can be. */
  static IsolatedGuests asLibvirtQemu(Path folder) throws IOException {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    assumeTrue(Accounts.user(USER).isPresent(), "needs a user libvirt-qemu");
    IsolatedGuests guests = new IsolatedGuests(folder);
    guests.reopen("user = libvirt-qemu\n", new RealSpawner());
    return guests;
  }

  /** What a guest that has taken its QEMU over could do: runs a tool of busybox as its user. */
  static Completed asLibvirtQemu(StandardOutput output, String... words) {
    Identity who =
        new Identity(Accounts.user(USER).orElseThrow(), Accounts.group(USER).orElse(NOBODY));
    return new RealSpawner()
        .run(
            CommandSpec.of("/bin/busybox")
                .addAll(List.of(words))
                .confinement(Confinement.NONE.withIdentity(who))
                .streams(
                    new StandardStreams(
                        new StandardInput.Null(), output, new StandardOutput.Captured()))
                .build());
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
    return define(engine, name, devices, more);
  }

  /** Defines one in any engine. */
  static Guest define(Engine engine, String name, String devices, String more) {
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
                .addAll(List.of(words))
                .environment(Environment.common())
                .capture()
                .build())
        .orThrow();
  }

  @Override
  public void close() {
    EngineOfTest.close(engine);
  }
}
