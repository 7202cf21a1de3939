package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import launcher.engine.GuestState.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the README, through the whole of launcher: its XML becomes a running QEMU. */
final class RealTranslationIT {
  @TempDir private Path root;

  @Test
  void theExampleRuns() throws IOException {
    Path disk = BootSector.disk(root);
    String xml =
        Files.readString(Path.of("../../config-examples/hello.xml"))
            .replace("/var/lib/launcher/images/hello.img", disk.toString());
    try (Engine engine = Engine.open(Folders.under(root))) {
      Guest guest = engine.guests().define(xml, DefineOptions.STRICT).guest();
      guest.start(StartOptions.DEFAULT);
      Terminals.awaitWord(guest, "GUEST-UP");
      guest.shutdown(ShutdownOptions.within(Duration.ofSeconds(60)));
      assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state());
    }
  }
}
