package launcher.tests.guests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The guest that the label tests stand on enforces a policy, and its Java runs; two labels that
 * differ in their categories alone keep apart.
 */
final class SelinuxGuestIT {
  @Test
  @Timeout(900)
  void enforces() throws Exception {
    SelinuxGuest guest =
        SelinuxGuest.make(Path.of(System.getProperty("launcher.tree", "../target/launcher")));
    String console =
        guest.run(
            """
            mkdir /images
            chcon system_u:object_r:virt_image_t:s0 /images
            echo one > /images/a
            echo two > /images/b
            chcon system_u:object_r:svirt_image_t:s0:c1,c2 /images/a
            chcon system_u:object_r:svirt_image_t:s0:c3,c4 /images/b
            runcon system_u:system_r:svirt_t:s0:c1,c2 cat /images/a 2>&1 | cat
            runcon system_u:system_r:svirt_t:s0:c1,c2 cat /images/b 2>&1 | cat
            %s/bin/java -version
            """
                .formatted(System.getProperty("java.home")));
    assertTrue(console.contains("SELINUX Enforcing"), console);
    assertTrue(console.contains("\none"), console);
    assertTrue(console.contains("/images/b: Permission denied"), console);
    assertTrue(console.contains("build 25"), console);
  }
}
