package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import launcher.engine.GuestState.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest of an account of its own that boots by UEFI. */
final class ConfinedFirmwareIT {
  @TempDir private Path folder;

  @Test
  void itReachesItsOwnVariables() throws IOException {
    assumeTrue(Files.exists(Path.of("/usr/share/OVMF/OVMF_CODE_4M.fd")), "needs the package ovmf");
    try (IsolatedGuests guests = IsolatedGuests.asLibvirtQemu(folder)) {
      Guest guest =
          guests
              .engine()
              .guests()
              .define(
                  "<domain type='qemu'><name>uefi</name><memory unit='MiB'>64</memory>"
                      + "<os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features></domain>",
                  DefineOptions.STRICT)
              .guest();
      guest.start(new StartOptions(true, false));
      assertEquals(Phase.PAUSED, guest.state().phase());
      Path variables = Path.of(guest.tree(XmlView.INACTIVE).value("os/nvram", ""));
      assertEquals("libvirt-qemu", Files.getOwner(variables).getName());
      guest.destroy(false);
      assertEquals("root", Files.getOwner(variables).getName());
    }
  }
}
