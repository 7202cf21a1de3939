package launcher.cli.install;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InstallTest {
  @Test
  void aUnitNamesProgramsInAnyFolder() {
    assertEquals("/opt/launcher", Install.inUnit(Path.of("/opt/launcher")));
    assertEquals("/opt/my\\x20tree/100%%", Install.inUnit(Path.of("/opt/my tree/100%")));
  }
}
