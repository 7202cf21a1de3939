package launcher.engine.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
    HostPolicy debian = LibvirtGuestsFile.parse("", "/etc/default/libvirt-guests").policy();
    assertEquals("acpi 300s, leave 60s", debian.ladder().toString());
    assertFalse(debian.resume());
  }

  @Test
  void readsWhatAShellWouldReadAsPlainValues() {
    assertEquals(
        Map.of(
            "A", "one two",
            "B", "a\"b\\c $x\\q",
            "C", "conti nued",
            "D", "one two-three",
            "E", "mi'xed",
            "F", "",
            "G", "#not a comment",
            "H", "last"),
        ShellAssignments.parse(
            """
            # a comment 'with a quote
            export A='one two' # another
            B="a\\"b\\\\c \\$x\\q"; C="conti \\
            nued"
            D=$A-three E=mi\\'xed
            F=
            G='#not a comment'
            H=first
              H=l\\
            ast
            """,
            "f"));
  }

  @Test
  void runsNothingThatAShellWouldRun(@TempDir Path folder) {
    Path witness = folder.resolve("ran");
    for (String line :
        List.of(
            "ON_BOOT=$(touch " + witness + ")",
            "ON_BOOT=`touch " + witness + "`",
            "ON_BOOT=\"$(touch " + witness + ")\"",
            "ON_BOOT=\"`touch " + witness + "`\"",
            "ON_BOOT=${HOME:-$(touch " + witness + ")}",
            "ON_BOOT=$HOME",
            "ON_BOOT=start; touch " + witness,
            "ON_BOOT=start touch " + witness,
            "ON_BOOT=start & touch " + witness,
            "ON_BOOT=start > " + witness,
            "ON_BOOT=<(touch " + witness + ")",
            "touch " + witness,
            ". /etc/other",
            "if true; then ON_BOOT=start; fi",
            "ON_BOOT[0]=start",
            "ON_BOOT+=start",
            "ON_BOOT=(a b)",
            "ON_BOOT='() { :;}; touch " + witness)) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> LibvirtGuestsFile.parse("\n" + line + "\nSYNC_TIME=1", "f"),
              line);
      assertTrue(
          String.valueOf(e.getMessage()).startsWith("f:2: ")
              && String.valueOf(e.getMessage()).endsWith(", and no shell reads it here"),
          e.getMessage());
    }
    assertFalse(Files.exists(witness));
  }

  @Test
  void refusesImpossibleValuesAllAtOnce() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> LibvirtGuestsFile.parse("SHUTDOWN_TIMEOUT=-1\nPARALLEL_SHUTDOWN=x\n", "f"));
    assertEquals(
        """
        f: 'SHUTDOWN_TIMEOUT' is a number from 0 to 86400, not '-1'
        f: 'PARALLEL_SHUTDOWN' is a number from 0 to 2147483647, not 'x'\
        """,
        e.getMessage());
    assertEquals(
        List.of(
            "PARALLEL_SHUTDOWN=100 is more than 64",
            "NONSENSE is no setting of libvirt-guests, ignoring"),
        LibvirtGuestsFile.parse("PARALLEL_SHUTDOWN=100\nNONSENSE=1", "f").remarks());
  }

  private static final String UUID = "c7b3edbd-edaf-9455-926a-d65c16db1800";

  private static Path libvirtGuest(Path root) throws Exception {
    Path definitions = Files.createDirectories(root.resolve("etc/libvirt/qemu"));
    return Files.writeString(
        definitions.resolve("web.xml"),
        "<domain><name>web</name><uuid>" + UUID.toUpperCase(Locale.ROOT) + "</uuid></domain>");
  }

  @Test
  void standsBackFromWhatLibvirtShutsDown(@TempDir Path root) throws Exception {
    libvirtGuest(root);
    assertEquals(
        List.of(), new Rivals(root).claims(), "libvirt is there, but does nothing at shutdown");

    Path settings = root.resolve("etc/libvirt/qemu.conf");
    Files.writeString(
        settings, "#auto_shutdown_try_save = \"all\"\nauto_shutdown_poweroff = \"none\"\n");
    assertEquals(List.of(), new Rivals(root).claims());
    Files.writeString(settings, "auto_shutdown_try_save = \"persistent\"\n");
    assertEquals(
        List.of(
            new Rivals.Claim(
                UUID,
                "web",
                "libvirt's automatic shutdown (auto_shutdown_try_save in /etc/libvirt/qemu.conf)")),
        new Rivals(root).claims());
  }

  @Test
  void standsBackWhereLibvirtGuestsIsEnabledAnywhereAndNotMasked(@TempDir Path root)
      throws Exception {
    libvirtGuest(root);
    Path wants = Files.createDirectories(root.resolve("etc/systemd/system/my.target.wants"));
    Files.createSymbolicLink(
        wants.resolve("libvirt-guests.service"), Path.of("/lib/systemd/system/x"));
    assertEquals(
        "libvirt-guests (systemctl disable --now libvirt-guests)",
        new Rivals(root).claims().getFirst().by());
    Files.createSymbolicLink(
        root.resolve("etc/systemd/system/libvirt-guests.service"), Path.of("/dev/null"));
    assertEquals(List.of(), new Rivals(root).claims());
  }

  @Test
  void findsTheGuestsOfACluster(@TempDir Path root) throws Exception {
    Path cib = Files.createDirectories(root.resolve("var/lib/pacemaker/cib")).resolve("cib.xml");
    Files.createDirectories(root.resolve("etc/pacemaker"));
    Files.writeString(root.resolve("etc/pacemaker/vm.xml"), "<domain><name>vm</name></domain>");
    Files.writeString(
        cib,
        """
        <cib><configuration><resources>
        <primitive type='VirtualDomain' id="vm" class="ocf" provider="heartbeat">
        <instance_attributes><nvpair value="/etc/pacemaker/vm.xml" id="x" name="config"/></instance_attributes>
        </primitive></resources></configuration></cib>
        """);
    Rivals.Claim claim = new Rivals(root).claims().getFirst();
    assertEquals("Pacemaker (resource 'vm' of '/etc/pacemaker/vm.xml')", claim.by());
    assertTrue(claim.covers(FakeActs.guest("vm")), "by its name, where there is no UUID");
    assertFalse(claim.covers(FakeActs.guest("other")));
  }
}
