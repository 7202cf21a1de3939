package launcher.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import launcher.drivers.plan.DescriptorStep;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.MonitorStep;
import org.junit.jupiter.api.Test;

class StepTextTest {
  private static final Path PATH = Path.of("/run/guest");

  @Test
  void saysWhatIsDoneToWhatWithItsDetails() {
    assertEquals(
        "  make folder '/run/guest' (mode 0700, keep false)\n",
        StepText.of(new FileStep.MakeDirectory(PATH, 0700, false)));
    assertEquals("  find disk '/run/guest'\n", StepText.of(new FileStep.Require(PATH, "disk")));
    assertEquals("  continue\n", StepText.of(new MonitorStep.Continue()));
  }

  @Test
  void whatIsLeftOutIsNotSaid() {
    assertEquals(
        "  listen '/run/guest' (descriptor monitor, mode 0600)\n",
        StepText.of(new DescriptorStep.Listen("monitor", PATH, 0600)));
  }

  @Test
  void aFilesTextStandsBelow() {
    assertEquals(
        "  write file '/run/guest' (mode 0600)\n    lxc.uts.name = web\n    lxc.tty.max = 1\n",
        StepText.of(new FileStep.WriteFile(PATH, "lxc.uts.name = web\nlxc.tty.max = 1\n", 0600)));
  }
}
