package launcher.engine.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import launcher.drivers.plan.Step;
import launcher.engine.EngineException;
import launcher.engine.host.HostFactsReader;
import launcher.engine.lease.LeaseHolder;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.spawn.RealSpawner;
import launcher.spawn.libc.Calls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest's disk gets another image, as with a snapshot or a copy; real leases, no QEMU. */
@SuppressWarnings("NullAway.Init") // made before each test
final class LiveFilesTest {
  @TempDir private Path folder;
  private Path first;
  private Path second;
  private Running web1;

  /** A guest that is nothing but what it holds. */
  private final class Running implements LeaseHolder, StepMemory {
    private final String name;
    private final XmlElement live;
    private final Map<String, Integer> kept = new HashMap<>();
    private List<Step> steps = new ArrayList<>();

    Running(String name, Path image) {
      this.name = name;
      live =
          XmlReader.read(
              "test",
              "<domain type='qemu'><name>%s</name><uuid>%s</uuid><devices>%s</devices></domain>"
                  .formatted(name, name, LiveFilesTest.disk(image)));
    }

    LiveFiles files() {
      return new Isolation(
              IsolationSettings.usual(),
              HostFactsReader.read(),
              folder.resolve("leases"),
              new RealSpawner(),
              List.of(),
              List::of)
          .live(() -> live, this, this);
    }

    XmlElement disk() {
      return live.at("devices/disk").orElseThrow();
    }

    void move(Path to, Runnable pivot) {
      files().move(List.of(new LiveFiles.Move(disk(), to)), pivot);
      disk().childOrAdd("source").set("file", to.toString());
    }

    @Override
    public String guest() {
      return name;
    }

    @Override
    public int pid() {
      return (int) ProcessHandle.current().pid();
    }

    @Override
    public void keep(String lease, int descriptor) {
      try {
        kept.put(lease, Calls.duplicate(descriptor));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void drop(String lease) {
      Integer descriptor = kept.remove(lease);
      if (descriptor != null) {
        Calls.close(descriptor);
      }
    }

    @Override
    public List<Step> steps() {
      return steps;
    }

    @Override
    public void change(UnaryOperator<List<Step>> how) {
      steps = List.copyOf(how.apply(steps));
    }
  }

  private static String disk(Path image) {
    return "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='"
        + image
        + "'/><target dev='vda'/></disk>";
  }

  @BeforeEach
  void start() throws IOException {
    folder = folder.toRealPath();
    Files.createDirectory(folder.resolve("leases"));
    first = Files.writeString(folder.resolve("first"), "1");
    second = Files.writeString(folder.resolve("second"), "2");
    web1 = new Running("web1", first);
    web1.files().admit(web1.disk());
  }

  @AfterEach
  void end() {
    List.copyOf(web1.kept.keySet()).forEach(web1::drop);
  }

  /** Asked with another open file: locks of one process exclude each other too. */
  private boolean isHeld(Path image) throws IOException {
    Map<String, Object> found = Files.readAttributes(image, "unix:dev,ino");
    Path lease = folder.resolve("leases/file-" + found.get("dev") + "-" + found.get("ino"));
    if (!Files.exists(lease)) {
      return false;
    }
    int descriptor = Calls.open(lease, 2, 0);
    try {
      return !Calls.lock(descriptor, Calls.FileLock.EXCLUSIVE);
    } finally {
      Calls.close(descriptor);
    }
  }

  @Test
  void theNewImageIsHeldBeforeThePivotAndTheOldOneFreeAfterwards() throws IOException {
    assertTrue(isHeld(first));
    web1.move(
        second,
        () -> {
          try {
            assertTrue(isHeld(first) && isHeld(second), "both while QEMU changes over");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    assertTrue(!isHeld(first) && isHeld(second));
    assertTrue(web1.steps.toString().contains(second.toString()), "remembered for its end");
  }

  @Test
  void whenThePivotFailsTheGuestHasWhatItHad() throws IOException {
    EngineException failed = new EngineException(EngineException.Kind.FAILED, "no pivot");
    List<Step> before = web1.steps;
    assertEquals(
        failed,
        assertThrows(
            EngineException.class,
            () ->
                web1.move(
                    second,
                    () -> {
                      throw failed;
                    })));
    assertTrue(isHeld(first) && !isHeld(second));
    assertEquals(before, web1.steps);
  }
}
