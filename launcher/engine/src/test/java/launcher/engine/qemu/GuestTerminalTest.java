package launcher.engine.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import launcher.engine.EngineException;
import org.junit.jupiter.api.Test;

final class GuestTerminalTest {
  /** Whoever has taken QEMU over can say what it likes. */
  @Test
  void whatIsNotTheGuestsIsNotOpened() {
    int nobody = (int) ProcessHandle.current().pid();
    for (String named :
        List.of(
            "/etc/shadow",
            "/dev/pts/../../etc/shadow",
            "/dev/sda",
            "",
            "/dev/pts/0",
            "/dev/pts/9999")) {
      EngineException refused =
          assertThrows(EngineException.class, () -> GuestTerminal.checked("web1", nobody, named));
      assertEquals(
          "guest 'web1' names '" + named + "' as its terminal, which is none of its own",
          refused.getMessage());
    }
  }
}
