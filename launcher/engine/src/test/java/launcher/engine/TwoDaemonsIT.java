package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import launcher.spawn.Accounts;
import launcher.spawn.RealSpawner;
import launcher.spawn.libc.PinnedFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two daemons that know nothing of each other and one disk: each has lease files of its own, and
 * yet there is one writer, and the other one is told who.
 */
@SuppressWarnings("NullAway.Init") // made before each test
final class TwoDaemonsIT {
  @TempDir private Path folder;
  private IsolatedGuests one;
  private IsolatedGuests two;
  private Path image;

  @BeforeEach
  void open() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    one = new IsolatedGuests(Files.createDirectory(folder.resolve("one")));
    two = new IsolatedGuests(Files.createDirectory(folder.resolve("two")));
    image = one.copy("disk.img");
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private String held(Guest by) {
    return "'"
        + image
        + "' is held by guest '"
        + by.name()
        + "' (pid "
        + by.pid().orElseThrow()
        + ")";
  }

  @Test
  void theSecondIsRefusedAndTold() throws IOException {
    Guest web1 = one.define("web, 1", image);
    Guest web2 = two.define("web2", image);
    web1.start(StartOptions.DEFAULT);
    String said = IsolatedGuests.refusal(web2);
    assertTrue(said.contains(held(web1)), said);
    Leftovers.assertNone(two.root(), web2, "the second");
    web1.suspend();
    said = IsolatedGuests.refusal(web2);
    assertTrue(said.contains(held(web1)), "while it is paused: " + said);
    one.engine().close();
    said = IsolatedGuests.refusal(web2);
    assertTrue(said.contains("is held by guest 'web, 1'"), "while its daemon is gone: " + said);
    one.reopen("", new RealSpawner());
    one.engine().guests().get("web, 1").destroy(false);
    web2.start(StartOptions.DEFAULT);
  }

  /** Its saved state names a disk that another daemon's guest writes by now. */
  @Test
  void aSavedGuestIsNotRestoredOverIt() throws IOException {
    Guest web1 = one.define("web1", image);
    Guest web2 = two.define("web2", image);
    web1.start(StartOptions.DEFAULT);
    web1.managedSave(progress -> {});
    web2.start(StartOptions.DEFAULT);
    String said = IsolatedGuests.refusal(web1);
    assertTrue(said.contains(held(web2)), said);
    Leftovers.assertNone(one.root(), web1, "the saved one");
    assertTrue(web1.managedSave().xml().contains("web1"), "and what was saved is kept");
    web2.destroy(false);
    web1.start(StartOptions.DEFAULT);
  }

  @Test
  void itIsNotPluggedIn() throws IOException {
    Guest web1 = one.define("web1", image);
    Guest web2 = two.define("web2", two.copy("own.img"));
    web1.start(StartOptions.DEFAULT);
    web2.start(StartOptions.DEFAULT);
    String disk =
        IsolatedGuests.disk("raw", image).replace("'vda' bus='virtio'", "'sda' bus='usb'");
    String said =
        String.valueOf(
            assertThrows(EngineException.class, () -> web2.devices().attach(disk)).getMessage());
    assertTrue(said.contains(held(web1)), said);
    web1.destroy(false);
    web2.devices().attach(disk);
    said = IsolatedGuests.refusal(web1);
    assertTrue(said.contains(held(web2)), said);
  }

  @Test
  void ofManyAtOnceOneStarts() throws Exception {
    List<Guest> racers = new ArrayList<>();
    for (int number = 0; number < 10; number++) {
      racers.add(one.define("one" + number, image));
      racers.add(two.define("two" + number, image));
    }
    List<Guest> winners = new CopyOnWriteArrayList<>();
    List<String> told = new CopyOnWriteArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(racers.size())) {
      for (Guest racer : racers) {
        threads.execute(() -> {
          try {
            racer.start(StartOptions.DEFAULT);
            winners.add(racer);
          } catch (EngineException refused) {
            told.add(String.valueOf(refused.getMessage()));
          }
        });
      }
    }
    assertTrue(winners.size() <= 1, winners.toString());
    assertEquals(20 - winners.size(), told.size());
    for (String words : told) {
      // of those that looked before any had it QEMU refuses all but one
      assertTrue(
          words.contains("is held by guest '") || words.contains("Failed to get \"write\" lock"),
          words);
    }
  }

  @Test
  void whatTheRefusedOneDidToTheFileIsTakenBack() throws IOException {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    assumeTrue(Accounts.user("libvirt-qemu").isPresent(), "needs a user libvirt-qemu");
    one.reopen("user = libvirt-qemu\n", new RealSpawner());
    two.reopen("user = libvirt-qemu\n", new RealSpawner());
    Guest web1 = one.define("web1", image);
    Guest web2 = two.define("web2", image);
    web1.start(StartOptions.DEFAULT);
    Object owner = Files.getAttribute(image, "unix:uid");
    var unused = IsolatedGuests.refusal(web2);
    assertEquals(owner, Files.getAttribute(image, "unix:uid"), "it is still web1's");
    web1.destroy(false);
    assertEquals(0, Files.getAttribute(image, "unix:uid"));
    try (PinnedFile file = PinnedFile.open(image)) {
      assertTrue(file.extended("trusted.launcher.owner").isEmpty());
    }
  }
}
