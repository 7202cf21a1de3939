package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running guest is asked to use more or less of its virtio-mem. */
@SuppressWarnings("NullAway.Init") // the guest is started before each test
final class RequestedMemoryIT {
  private static final Scope BOTH = new Scope(true, true);

  @TempDir private Path root;
  private EngineOfTest engine;
  private Guest guest;

  @BeforeEach
  void start() throws IOException {
    engine = new EngineOfTest(root);
    guest =
        engine.start(
            """
            <domain type='qemu'><name>grows</name>
            <maxMemory unit='MiB' slots='2'>512</maxMemory><memory unit='MiB'>192</memory>
            <vcpu>1</vcpu><cpu><numa><cell id='0' cpus='0' memory='64' unit='MiB'/></numa></cpu>
            <os><type arch='x86_64' machine='q35'>hvm</type></os>
            <devices><disk type='file'><source file='%s'/><target dev='vda' bus='virtio'/></disk>
            <!-- grows --><memory model='virtio-mem'><target><size unit='MiB'>128</size><node>0</node>
            <block unit='KiB'>2048</block><requested unit='KiB'>0</requested></target></memory>
            <memballoon model='none'/></devices></domain>
            """
                .formatted(BootSector.disk(root)));
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private String requested(String alias) {
    return guest
        .monitor()
        .command(
            "{\"execute\":\"qom-get\",\"arguments\":{\"path\":\"/machine/peripheral/%s\",\"property\":\"requested-size\"}}"
                .formatted(alias));
  }

  @Test
  void qemuTheRunAndTheDefinitionAskForTheSame() {
    guest.changes().requestedMemory(Optional.empty(), Optional.of("0"), 65_536, BOTH);
    String alias = guest.tree(XmlView.LIVE).value("devices/memory/alias/@name", "");
    assertTrue(requested(alias).contains("67108864"), requested(alias));
    for (XmlView view : new XmlView[] {XmlView.LIVE, XmlView.INACTIVE}) {
      assertEquals("65536", guest.tree(view).value("devices/memory/target/requested", ""));
    }
    assertTrue(guest.xml(XmlView.AS_WRITTEN).contains("<!-- grows -->"));
    EngineException unfit =
        assertThrows(
            EngineException.class,
            () ->
                guest.changes().requestedMemory(Optional.of(alias), Optional.empty(), 1000, BOTH));
    assertEquals(EngineException.Kind.INVALID, unfit.kind());
    EngineException missing =
        assertThrows(
            EngineException.class,
            () -> guest.changes().requestedMemory(Optional.of("other"), Optional.empty(), 0, BOTH));
    assertEquals(EngineException.Kind.NOT_FOUND, missing.kind());
    assertTrue(requested(alias).contains("67108864"), requested(alias));
  }
}
