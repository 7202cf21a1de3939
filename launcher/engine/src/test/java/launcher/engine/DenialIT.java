package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import launcher.spawn.Accounts;
import launcher.spawn.libc.Calls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** "Permission denied" by each layer, in words that say which; and what they say to do mends it. */
@SuppressWarnings("NullAway.Init") // made before each test
final class DenialIT {
  @TempDir private Path folder;
  private IsolatedGuests guests;
  private long uid;

  @BeforeEach
  void open() throws IOException {
    guests = IsolatedGuests.asLibvirtQemu(folder);
    uid = Accounts.user("libvirt-qemu").orElseThrow();
  }

  @AfterEach
  void close() {
    if (guests != null) {
      guests.close();
    }
  }

  private static void mode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static void assertEnds(String said, String end) {
    assertTrue(said.endsWith(end), said);
  }

  @Test
  void aFolderOnTheWay() throws IOException {
    Path image = guests.copy("closed/web1.img");
    Path closed = guests.root().resolve("closed");
    mode(closed, "rwx------");
    Guest guest = guests.define("web1", image);
    assertEnds(
        IsolatedGuests.refusal(guest),
        "user "
            + uid
            + " may not search folder '"
            + closed
            + "' on the way to '"
            + image
            + "': setfacl -m u:"
            + uid
            + ":x '"
            + closed
            + "'");
    mode(closed, "rwx--x--x");
    guest.start(StartOptions.DEFAULT);
  }

  @Test
  void modeAndOwner() throws IOException {
    Path image = guests.copy("web1.img");
    mode(image, "rw-r--r--");
    String kept =
        IsolatedGuests.disk("raw", image)
            .replace("'/><target", "'><seclabel model='dac' relabel='no'/></source><target");
    Guest guest = guests.define("web1", kept, "");
    assertEnds(
        IsolatedGuests.refusal(guest),
        "user "
            + uid
            + " may not write '"
            + image
            + "': setfacl -m u:"
            + uid
            + ":rw '"
            + image
            + "'");
    mode(image, "rw-------");
    assertEnds(
        IsolatedGuests.refusal(guest),
        "user "
            + uid
            + " may not read '"
            + image
            + "': setfacl -m u:"
            + uid
            + ":rw '"
            + image
            + "'");
    mode(image, "rw-rw-rw-");
    guest.start(StartOptions.DEFAULT);
  }

  /** QEMU follows the parent of a VMDK image by itself; launcher does not. */
  @Test
  void landlock() throws IOException {
    assumeTrue(Calls.landlockVersion() > 0, "needs a kernel with Landlock");
    Path base = guests.root().resolve("base.vmdk");
    Path top = guests.root().resolve("top.vmdk");
    IsolatedGuests.run("qemu-img", "create", "-q", "-f", "vmdk", base.toString(), "1M");
    IsolatedGuests.run(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "vmdk",
        "-F",
        "vmdk",
        "-b",
        base.toString(),
        top.toString());
    mode(base, "rw-r--r--");
    Guest guest = guests.define("web1", IsolatedGuests.disk("vmdk", top), "");
    assertTrue(
        IsolatedGuests.refusal(guest)
            .contains("'" + base + "' is refused by Landlock: it is none of the guest's files."),
        IsolatedGuests.refusal(guest));
    Guest open =
        guests.define(
            "web2", IsolatedGuests.disk("vmdk", top), "<seclabel type='none' model='landlock'/>");
    open.start(StartOptions.DEFAULT);
  }

  @Test
  void aReadOnlyMount() throws IOException {
    Path source = guests.copy("source/web1.img").getParent();
    mode(source.resolve("web1.img"), "rw-rw-rw-");
    Path mounted = Files.createDirectory(guests.root().resolve("mounted"));
    IsolatedGuests.run("mount", "--bind", source.toString(), mounted.toString());
    try {
      IsolatedGuests.run("mount", "-o", "remount,bind,ro", mounted.toString());
      Guest guest = guests.define("web1", mounted.resolve("web1.img"));
      assertEnds(
          IsolatedGuests.refusal(guest),
          "lies on '"
              + mounted
              + "', which is mounted read-only: mount -o remount,rw '"
              + mounted
              + "', or give the disk <readonly/>");
    } finally {
      IsolatedGuests.run("umount", mounted.toString());
    }
  }
}
