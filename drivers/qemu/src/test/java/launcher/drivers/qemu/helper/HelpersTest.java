package launcher.drivers.qemu.helper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.PlanException;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.host.HostProfile;
import launcher.drivers.qemu.host.QemuHost;
import launcher.drivers.qemu.pipeline.DraftPipeline;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.domain.Domain;
import org.junit.jupiter.api.Test;

/** What the programs beside a guest are told. */
class HelpersTest {
  private static final QemuHost HOST =
      HostProfile.read(Path.of("src/test/resources/launcher/drivers/qemu/golden/profile"));

  private static List<Step> steps(String devices, boolean root) {
    String xml =
        """
        <domain type='qemu'>
          <name>web, 1</name>
          <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
          <memory unit='MiB'>64</memory>
          <memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>
          <os><type arch='x86_64' machine='q35'>hvm</type></os>
          <devices>%s</devices>
        </domain>
        """
            .formatted(devices);
    XmlElement tree = XmlReader.read("web.xml", xml);
    Draft draft = new Draft("web.xml", tree, HOST);
    DraftPipeline.complete(draft);
    DraftPipeline.prepare(draft);
    assertEquals(List.of(), draft.problems());
    Guest guest = new Guest(Domain.of(tree), tree, draft.machine(), HOST);
    return Helpers.of(
        guest,
        new HostFacts("x86_64", "host", root ? 0 : 1000, 0, 1, 1 << 20, false),
        new Grants(1, Path.of("/run/g"), Path.of("/lib/g"), Path.of("/log/g"), Map.of()));
  }

  private static List<HelperStep.Run> helpers(String devices) {
    return steps(devices, true).stream()
        .filter(HelperStep.Run.class::isInstance)
        .map(HelperStep.Run.class::cast)
        .toList();
  }

  @Test
  void aGuestWithoutThemNeedsNothing() {
    assertEquals(List.of(), steps("<memballoon model='none'/>", true));
  }

  @Test
  void aFileServerGetsItsSocketAndOptions() {
    HelperStep.Run server =
        helpers(
                """
                <filesystem type='mount'>
                  <driver type='virtiofs'/>
                  <binary path='/opt/virtiofsd' xattr='on'>
                    <cache mode='always'/><sandbox mode='chroot'/><lock posix='off' flock='on'/>
                  </binary>
                  <source dir='/srv/my data'/><target dir='share'/>
                </filesystem>
                """)
            .getFirst();
    assertEquals("/opt/virtiofsd", server.program());
    assertEquals(
        List.of(
            "--fd=3",
            "-o",
            "source=/srv/my data,cache=always,sandbox=chroot,xattr,flock,no_posix_lock"),
        server.arguments());
    assertEquals(HelperStep.Rights.FILE_SERVER, ((HelperStep.Start) server).rights());
  }

  @Test
  void aFolderWhoseNameWouldBeOptionsIsRefused() {
    PlanException refused =
        assertThrows(
            PlanException.class,
            () ->
                helpers(
                    """
                    <filesystem type='mount'>
                      <driver type='virtiofs'/><source dir='/srv,sandbox=none'/><target dir='s'/>
                    </filesystem>
                    """));
    assertTrue(refused.getMessage().contains("'/srv,sandbox=none'"), refused.getMessage());
  }

  @Test
  void aFileServerOfSomebodyElseIsLeftAlone() {
    assertEquals(
        List.of(),
        steps(
            """
            <filesystem type='mount'>
              <driver type='virtiofs'/><source socket='/run/other.sock'/><target dir='share'/>
            </filesystem>
            """,
            true));
  }

  @Test
  void anEncryptedModuleReadsItsPassphraseFromADescriptor() {
    List<HelperStep.Run> helpers =
        helpers(
            """
            <tpm model='tpm-crb'>
              <backend type='emulator' version='2.0'>
                <encryption secret='b5d8d8e2-3c5e-4c7b-9a26-5c9f1d0a8c11'/>
                <active_pcr_banks><sha256/><sha512/></active_pcr_banks>
              </backend>
            </tpm>
            """);
    assertEquals(
        List.of(
            "--tpm2",
            "--tpmstate",
            "/lib/g/tpm2",
            "--vmid",
            "web, 1:c7a5fdbd-edaf-9455-926a-d65c16db1809",
            "--createek",
            "--lock-nvram",
            "--not-overwrite",
            "--pwdfile-fd",
            "4",
            "--cipher",
            "aes-256-cbc",
            "--pcr-banks",
            "sha256,sha512"),
        helpers.getFirst().arguments());
    HelperStep.Start emulator = (HelperStep.Start) helpers.getLast();
    assertEquals("b5d8d8e2-3c5e-4c7b-9a26-5c9f1d0a8c11", emulator.secret().orElseThrow());
    assertTrue(
        emulator.arguments().contains("pwdfile=/proc/self/fd/4,mode=aes-256-cbc"),
        emulator.arguments().toString());
  }

  @Test
  void passtForwardsPorts() {
    HelperStep.Run passt =
        helpers(
                """
                <interface type='user'>
                  <backend type='passt' logFile='/var/log/passt.log'/>
                  <mac address='52:54:00:00:00:01'/>
                  <source dev='eth7'/>
                  <ip address='172.17.2.4' family='ipv4' prefix='24'/>
                  <portForward proto='tcp' address='2001:db8::1' dev='eth9'>
                    <range start='80'/><range start='443' to='344'/>
                    <range start='8000' end='8009' to='9000'/><range start='8005' exclude='yes'/>
                  </portForward>
                  <portForward proto='udp'/>
                </interface>
                """)
            .getFirst();
    List<String> words = passt.arguments();
    assertEquals(
        List.of(
            "--interface",
            "eth7",
            "--log-file",
            "/var/log/passt.log",
            "--address",
            "172.17.2.4",
            "--netmask",
            "24",
            "--tcp-ports",
            "2001:db8::1%eth9/80,443:344,8000-8009:9000-9009,~8005",
            "--udp-ports",
            "all"),
        words.subList(5, words.size()));
    assertEquals("--one-off", words.getFirst());
  }

  private static final String RESERVED =
      """
      <controller type='scsi' model='virtio-scsi'/>
      <disk type='block' device='lun'><driver name='qemu' type='raw'/>
        <source dev='/dev/sd%s'><reservations managed='yes'/></source>
        <target dev='sd%s' bus='scsi'/></disk>\
      """;

  @Test
  void disksWithReservationsShareOneHelper() {
    List<HelperStep.Run> all = helpers(RESERVED.formatted("a", "a") + RESERVED.formatted("b", "b"));
    assertEquals(1, all.size());
    HelperStep.Start start = (HelperStep.Start) all.getFirst();
    assertEquals("qemu-pr-helper", start.program());
    assertEquals(HelperStep.Rights.RESERVATIONS, start.rights());
    assertEquals(List.of("-k", start.awaited().orElseThrow().toString()), start.arguments());
    assertTrue(start.arguments().getLast().endsWith("/pr-helper0.sock"));
    assertTrue(ReservationHelper.is(start));
  }

  @Test
  void reservationsAreRootsAffair() {
    String why =
        assertThrows(PlanException.class, () -> steps(RESERVED.formatted("a", "a"), false))
            .getMessage();
    assertTrue(why.contains("reservations of disk 'sda' need rights of root"), why);
  }
}
