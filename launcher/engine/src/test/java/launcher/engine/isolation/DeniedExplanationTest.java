package launcher.engine.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import launcher.spawn.CommandSpec;
import launcher.spawn.Confinement;
import launcher.spawn.Identity;
import org.junit.jupiter.api.Test;

class DeniedExplanationTest {
  private static final CommandSpec COMMAND =
      CommandSpec.of("/usr/bin/qemu-system-x86_64")
          .confinement(
              Confinement.NONE.withIdentity(new Identity(64055, 64055)).withLandlock(List.of()))
          .build();

  private static String of(String said) {
    return DeniedExplanation.of(said, COMMAND).orElse("");
  }

  @Test
  void theFileIsTheOneNamedLast() {
    assertEquals(
        "'/no/such/file' is refused by Landlock: it is none of the guest's files. Name it in the guest's XML, or allow everything:"
            + " <seclabel type='none' model='landlock'/>",
        of(
            "qemu: -blockdev {\"filename\":\"/other\",\"x\":1}: Could not open '/no/such/file': Permission denied"));
  }

  @Test
  void aSocketOfTheGuestsOwnMakingHasAPlaceOfItsOwn() {
    assertEquals(
        "a guest makes no socket in '/run': leave the path of the socket out of the guest's XML, and it lies in the guest's own folder",
        of(
            "qemu: -vnc vnc=unix:/run/x.vnc,audiodev=a: Failed to bind socket to /run/x.vnc: Permission denied"));
  }

  @Test
  void theKernelsHypervisorIsAFileToo() {
    String said = of("Could not access KVM kernel module: Permission denied\n");
    assertTrue(said.contains("'/dev/kvm'"), said);
  }

  @Test
  void whatNamesNoFileIsNotExplained() {
    assertEquals(Optional.empty(), DeniedExplanation.of("network: Permission denied", COMMAND));
    assertEquals(Optional.empty(), DeniedExplanation.of("/a: No such file or directory", COMMAND));
  }
}
