package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import launcher.engine.EngineException.Kind;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is done to a guest in the moment between its end and its leaving the list: whatever runs is
 * in the list.
 */
@SuppressWarnings("NullAway.Init") // the engine is opened before each test
final class LeavingGuestIT {
  @TempDir private Path root;
  private Engine engine;
  private Guest guest;

  @BeforeEach
  void start() throws IOException {
    engine = Engine.open(Folders.under(root), new RealSpawner(), TinyHypervisor::all);
    guest =
        engine
            .guests()
            .define(TinyHypervisor.xml("web1", "pc", BootSector.disk(root)), DefineOptions.STRICT)
            .guest();
    guest.start(StartOptions.DEFAULT);
  }

  @AfterEach
  void end() {
    EngineOfTest.close(engine);
  }

  /** Ends it, and does something when it is told that it has ended. */
  private void endsWith(Runnable act) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    AutoCloseable listening =
        engine.listen(event -> {
          if (event.detail().startsWith("Stopped") && !done.isDone()) {
            try {
              act.run();
              done.complete(null);
            } catch (RuntimeException | AssertionError e) {
              done.completeExceptionally(e);
            }
          }
        });
    try (listening) {
      guest.destroy(false);
      done.get(1, TimeUnit.MINUTES);
    }
  }

  private List<String> listed() {
    return engine.guests().list().stream().map(Guest::name).toList();
  }

  @Test
  void aTransientGuestIsNotStartedAgain() throws Exception {
    guest.undefine(UndefineOptions.DEFINITION);
    endsWith(() -> {
      EngineException refused =
          assertThrows(EngineException.class, () -> guest.start(StartOptions.DEFAULT));
      assertEquals(Kind.NOT_FOUND, refused.kind());
      assertEquals("there is no guest 'web1' any more", refused.getMessage());
    });
    assertEquals(List.of(), listed());
    assertFalse(Files.exists(root.resolve("run/guests").resolve(guest.uuid())));
  }

  @Test
  void whatIsStartedAndUndefinedByThenIsListedWhileItRuns() throws Exception {
    endsWith(() -> {
      guest.start(StartOptions.DEFAULT);
      guest.undefine(UndefineOptions.DEFINITION);
    });
    assertEquals(List.of("web1"), listed());
    assertTrue(engine.guests().get("web1").state().active());
    guest.destroy(false);
    assertEquals(List.of(), listed());
  }

  @Test
  void whatIsDefinedAgainByThenStays() throws Exception {
    String xml = guest.xml(XmlView.AS_WRITTEN);
    guest.undefine(UndefineOptions.DEFINITION);
    endsWith(() -> engine.guests().define(xml, DefineOptions.STRICT));
    engine.guests().get("web1").start(StartOptions.DEFAULT);
    assertEquals(List.of("web1"), listed());
  }

  @Test
  void aTransientGuestWhoseStartIsRefusedIsNotListed() {
    String xml = guest.xml(XmlView.AS_WRITTEN).replace("web1", "web2");
    StartOptions wrong = new StartOptions(false, false, false, true);
    assertThrows(
        EngineException.class, () -> engine.guests().create(xml, DefineOptions.STRICT, wrong));
    assertEquals(List.of("web1"), listed());
  }
}
