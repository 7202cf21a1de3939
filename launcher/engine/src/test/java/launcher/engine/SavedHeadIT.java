package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import launcher.spawn.Completed;
import launcher.spawn.Descriptor;
import launcher.spawn.StandardOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A saved state begins with the guest's XML, which says what is started as root's doing: nobody but
 * launcher writes it, though QEMU has the file open.
 */
@SuppressWarnings("NullAway.Init") // made before each test
final class SavedHeadIT {
  @TempDir private Path folder;
  private IsolatedGuests guests;
  private Guest guest;

  @BeforeEach
  void start() throws IOException {
    guests = IsolatedGuests.asLibvirtQemu(folder);
    guest = guests.define("web1", guests.copy("web1.img"));
    guest.start(StartOptions.DEFAULT);
  }

  @AfterEach
  void end() {
    if (guests != null) {
      guests.close();
    }
  }

  /**
   * What QEMU could do: as its user, with a descriptor that is open for writing, it writes another
   * disk into the head.
   */
  private void rewriteAsQemu(Path file) {
    try {
      String head = Files.readString(file, StandardCharsets.ISO_8859_1);
      head = head.substring(0, head.indexOf("</domain>"));
      String other = head.replace("web1.img", "evil.img");
      assertFalse(other.equals(head));
      Descriptor open = new Descriptor.OpenFile(file, Descriptor.Access.WRITE);
      assertTrue(
          IsolatedGuests.asLibvirtQemu(new StandardOutput.To(open), "echo", "-n", other)
              .status()
              .success());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean names(Path saved, String image) throws IOException {
    return Files.readString(saved, StandardCharsets.ISO_8859_1).contains(image);
  }

  private Path managed() {
    return guests.root().resolve("lib/saved").resolve(guest.uuid()).resolve("managed.save");
  }

  @Test
  void whatQemuDoesToTheHeadWhileItSavesIsUndoneAndSaid() throws IOException {
    Path file = guests.root().resolve("web1.save");
    AtomicBoolean done = new AtomicBoolean();
    EngineException told =
        assertThrows(
            EngineException.class,
            () ->
                guest.save(
                    file,
                    progress -> {
                      if (!done.getAndSet(true)) {
                        rewriteAsQemu(file.resolveSibling("web1.save.partial"));
                      }
                    }));
    assertEquals(
        "guest 'web1' is saved to '"
            + file
            + "', but its QEMU changed the head of that file, which was written anew: the guest may have taken its QEMU over",
        told.getMessage());
    assertFalse(guest.state().active());
    assertTrue(names(file, "web1.img") && !names(file, "evil.img"));
    guests.engine().guests().restore(file, RestoreOptions.AS_IT_WAS, progress -> {});
    assertTrue(guest.state().active());
  }

  @Test
  void aHeadThatWasChangedLaterIsNotBelieved() throws IOException {
    for (boolean managed : List.of(true, false)) {
      Path file = managed ? managed() : guests.root().resolve("web1.save");
      if (managed) {
        guest.managedSave(progress -> {});
      } else {
        guest.save(file, progress -> {});
      }
      Path good =
          Files.copy(file, guests.root().resolve("good"), StandardCopyOption.REPLACE_EXISTING);
      rewriteAsQemu(file);
      EngineException refused =
          assertThrows(
              EngineException.class,
              () -> {
                if (managed) {
                  guest.start(StartOptions.DEFAULT);
                } else {
                  guests.engine().guests().restore(file, RestoreOptions.AS_IT_WAS, progress -> {});
                }
              });
      assertTrue(
          String.valueOf(refused.getMessage())
              .startsWith(
                  "the head of '"
                      + file
                      + "' is not the one that launcher wrote when it saved the guest"),
          refused.getMessage());
      assertFalse(guest.state().active());
      if (managed) {
        guest.removeManagedSave();
      }
      guests
          .engine()
          .guests()
          .restore(good, RestoreOptions.AS_IT_WAS, progress -> {}); // not known, and believed
      assertTrue(guest.state().active());
    }
  }

  @Test
  void aManagedSaveIsOutOfTheGuestsReach() throws IOException {
    guest.managedSave(progress -> {});
    Path file = managed();
    for (String word : List.of("cat", "rm", "touch")) {
      Completed tried =
          IsolatedGuests.asLibvirtQemu(new StandardOutput.Captured(), word, file.toString());
      assertTrue(
          tried.error().text().contains("Permission denied"), word + ": " + tried.error().text());
    }
    assertTrue(Files.exists(file));
    guest.start(StartOptions.DEFAULT);
    assertFalse(Files.exists(file.getParent()), "nothing of it is left");
  }
}
