package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest is in the middle of is given up by somebody else, as virsh's domjobabort. */
@SuppressWarnings("NullAway.Init") // opened by each test
final class AbortedSaveIT {
  /** QEMU looks at each page of it when it saves: that takes seconds, and no memory. */
  private static final int GIB = 16;

  @TempDir private Path root;
  private EngineOfTest engine;

  @AfterEach
  void end() {
    engine.close();
  }

  @Test
  void theGuestGoesOnAndNoFileIsLeft() throws IOException {
    engine = new EngineOfTest(root);
    Guest guest =
        engine.start(
            """
            <domain type='qemu'><name>saves</name><memory unit='GiB'>%d</memory>
            <os><type arch='x86_64' machine='pc'>hvm</type></os>
            <devices><disk type='file'><source file='%s'/><target dev='vda' bus='virtio'/></disk>
            <memballoon model='none'/></devices></domain>
            """
                .formatted(GIB, BootSector.disk(root)));
    Path file = root.resolve("saved");
    AtomicInteger told = new AtomicInteger();
    EngineException aborted =
        assertThrows(
            EngineException.class,
            () ->
                guest.save(
                    file,
                    progress -> {
                      if (told.getAndIncrement() == 0) {
                        assertEquals("save", guest.busy());
                        guest.jobs().abort();
                      }
                    }));
    assertTrue(String.valueOf(aborted.getMessage()).contains("save"), aborted.getMessage());
    assertTrue(guest.state().active());
    assertEquals(GuestState.Phase.RUNNING, guest.state().phase());
    assertFalse(Files.exists(file));
    EngineException nothing = assertThrows(EngineException.class, () -> guest.jobs().abort());
    assertEquals(EngineException.Kind.WRONG_STATE, nothing.kind());
    guest.save(file, progress -> {});
    assertFalse(guest.state().active());
    assertTrue(Files.size(file) > 0);
  }
}
