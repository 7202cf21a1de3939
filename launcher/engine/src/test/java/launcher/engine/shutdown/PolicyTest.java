package launcher.engine.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import launcher.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyTest {
  @Test
  void readsBackWhatItWrites() {
    HostPolicy policy =
        new HostPolicy(
            Ladder.parse("save 2min, leave"),
            Duration.ofSeconds(90),
            7,
            false,
            false,
            Duration.ofSeconds(3),
            true,
            true);
    assertEquals(policy, PolicyFile.parse(PolicyFile.text(policy), "test"));
  }

  @Test
  void namesEveryWrongLineAtOnce() {
    EngineException e =
        assertThrows(
            EngineException.class,
            () ->
                PolicyFile.parse(
                    "# ours\nladder = save 1s, explode\nparallel = 0\nbudgett = 3\nparallel\n",
                    "shutdown.conf"));
    assertEquals(
        """
        shutdown.conf:5: expected 'name = value'
        shutdown.conf:2: 'explode' is none of save, agent, acpi, power-off, leave
        shutdown.conf:3: 'parallel' is a number from 1 to 64, not '0'
        shutdown.conf:4: 'budgett' is none of ladder, budget, parallel, on-boot, transients, start-delay, bypass-cache, sync-time\
        """,
        e.getMessage());
  }

  @Test
  void mapsEverySettingOfLibvirtGuests() {
    LibvirtGuestsFile file =
        LibvirtGuestsFile.parse(
            """
            # comment
            URIS='default qemu:///session'
            ON_BOOT=ignore
            START_DELAY=5
            ON_SHUTDOWN="shutdown"
            PARALLEL_SHUTDOWN=3
            SHUTDOWN_TIMEOUT=120
            BYPASS_CACHE=1
            SYNC_TIME=1
            PERSISTENT_ONLY=true
            """,
            "libvirt-guests");
    assertEquals(
        new HostPolicy(
            Ladder.parse("acpi 120s, leave"),
            Duration.ofSeconds(120),
            3,
            false,
            false,
            Duration.ofSeconds(5),
            true,
            true),
        file.policy());
    assertEquals(
        List.of(
            "URIS='default qemu:///session' has no meaning here: launcher has one set of guests"),
        file.remarks());
  }

  @Test
  void anEmptyLibvirtGuestsFileMeansItsOwnDefaults() {
    HostPolicy policy = LibvirtGuestsFile.parse("\n#ON_BOOT=ignore\n", "f").policy();
    assertEquals("save 300s, leave 60s", policy.ladder().toString());
    assertTrue(policy.resume());
    assertFalse(policy.transients());
  }

  @Test
  void runsNothingThatAShellWouldRun(@TempDir Path folder) {
    Path witness = folder.resolve("ran");
    for (String line :
        List.of(
            "ON_BOOT=$(touch " + witness + ")",
            "ON_BOOT=`touch " + witness + "`",
            "ON_BOOT=\"$(touch " + witness + ")\"",
            "ON_BOOT=start; touch " + witness,
            "ON_BOOT=start touch " + witness,
            "touch " + witness,
            ". /etc/other",
            "ON_BOOT='() { :;}; touch " + witness)) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> LibvirtGuestsFile.parse("\n" + line, "f"),
              line);
      assertEquals("f:2: not a plain NAME=value, and no shell reads it here", e.getMessage());
    }
    assertFalse(Files.exists(witness));
  }

  @Test
  void standsBackFromWhatOthersManage(@TempDir Path root) throws Exception {
    Path definitions = Files.createDirectories(root.resolve("etc/libvirt/qemu"));
    String uuid = "C7B3EDBD-edaf-9455-926a-d65c16db1800";
    Files.writeString(definitions.resolve("web.xml"), "<domain><uuid>" + uuid + "</uuid></domain>");
    assertEquals(
        Map.of(), new Rivals(root).managed(), "libvirt is there, but does nothing at shutdown");

    Files.writeString(
        root.resolve("etc/libvirt/qemu.conf"),
        "#auto_shutdown_try_save = \"all\"\nauto_shutdown_poweroff = \"none\"\n");
    assertEquals(Map.of(), new Rivals(root).managed());
    Files.writeString(
        root.resolve("etc/libvirt/qemu.conf"), "auto_shutdown_try_save = \"persistent\"\n");
    assertEquals(
        Map.of(
            "c7b3edbd-edaf-9455-926a-d65c16db1800",
            "libvirt's automatic shutdown (auto_shutdown_… in /etc/libvirt/qemu.conf)"),
        new Rivals(root).managed());
  }

  @Test
  void findsTheGuestsOfACluster(@TempDir Path root) throws Exception {
    Path cib = Files.createDirectories(root.resolve("var/lib/pacemaker/cib")).resolve("cib.xml");
    Files.createDirectories(root.resolve("etc/pacemaker"));
    Files.writeString(
        root.resolve("etc/pacemaker/vm.xml"),
        "<domain><uuid>11111111-2222-3333-4444-555555555555</uuid></domain>");
    Files.writeString(
        cib,
        """
        <cib><primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
        <instance_attributes><nvpair id="x" name="config" value="/etc/pacemaker/vm.xml"/></instance_attributes></primitive></cib>
        """);
    assertTrue(
        new Rivals(root)
            .managed()
            .get("11111111-2222-3333-4444-555555555555")
            .startsWith("Pacemaker"));
  }
}
