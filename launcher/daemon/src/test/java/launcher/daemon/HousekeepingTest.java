package launcher.daemon;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the daemon gives back when it is quiet. */
class HousekeepingTest {
  private static long residentOfFiles() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("RssFile:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void takesPagesOfFilesOutAndGoesOn() throws IOException {
    long before = residentOfFiles();
    FilePages.drop();
    long after = residentOfFiles();
    assertTrue(after < before, before + " KiB of files before, " + after + " after");
    System.gc(); // through code and classes whose pages were taken
    assertTrue(residentOfFiles() > 0);
  }

  @Test
  void isCalmWhenNobodyHasComeForAWhile() throws Exception {
    Idleness idleness = new Idleness(Duration.ofHours(1), () -> true);
    CompletableFuture<Long> calm =
        CompletableFuture.supplyAsync(() -> {
          try {
            return idleness.awaitCalm(0, Duration.ofMillis(50));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    idleness.clients(1);
    idleness.clients(0);
    assertTrue(calm.get(60, TimeUnit.SECONDS) >= 1);
  }
}
