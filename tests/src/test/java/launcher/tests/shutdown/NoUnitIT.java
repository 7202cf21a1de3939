package launcher.tests.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hosts whose administrators enabled no unit: the daemon and logind's lock alone. */
final class NoUnitIT extends MachineTest {

  /** logind waits one second and systemd five, and it takes nine. */
  @Test
  void guestsAreSavedHoweverShortLogindWaits() throws IOException, InterruptedException {
    write("/etc/systemd/logind.conf.d/test.conf", "[Login]\nInhibitDelayMaxSec=1\n");
    dropIn("launcher.service", "[Service]\nTimeoutStopSec=5s\n");
    write("/etc/launcher/shutdown.conf", "parallel = 1\n");
    machine().boot();
    CountingGuest deaf = guest("deaf", true, "order='9' ladder='acpi 9s, power-off 5s'/>");
    CountingGuest saved = guest("saved", false, "order='1'/>");
    start(List.of(deaf, saved));

    machine().powerOff();

    Map<CountingGuest, CountingGuest.Said> then = said(List.of(deaf, saved));
    machine().boot();
    String past = machine().journal(-1);
    assertInOrder(
        past,
        "Stopping launcher.service",
        "'deaf': powered off",
        "'saved': saved",
        "Stopped launcher.service");
    assertFalse(past.contains("timed out"), past);
    machine().launcher("list"); // wakes the daemon, which brings back what waits
    saved.assertCountsOnAfter(then.get(saved));
    deaf.assertBootedAfreshAfter(then.get(deaf));
  }

  @Test
  void logindsLockIsLetGoWhenTheGuestsAreSafe() throws IOException, InterruptedException {
    write("/etc/systemd/logind.conf.d/test.conf", "[Login]\nInhibitDelayMaxSec=100\n");
    machine().boot();
    CountingGuest guest = guest(HOSTILE);
    start(List.of(guest));
    CountingGuest automatic = guest("automatic");
    machine().launcher("define", automatic.xml());
    machine().launcher("autostart", "automatic");

    machine().powerOff();

    CountingGuest.Said then = guest.said();
    machine().boot();
    assertInOrder(
        machine().journal(-1),
        "The system will power off now!",
        "'" + HOSTILE + "': saved",
        "System is powering down");
    machine().launcher("list");
    guest.assertCountsOnAfter(then);
    automatic.awaitCounting(0);
    assertEquals(1, automatic.said().boots(), "it starts with the host, once");
  }

  @Test
  void aShutdownThatIsCalledOffBringsTheGuestsBack() throws IOException, InterruptedException {
    machine().boot();
    CountingGuest guest = guest("called-off");
    start(List.of(guest));
    // logind prepares, and then finds that systemd will not: a start that nothing may replace
    write(
        "/etc/systemd/system/obstinate.service",
        "[Service]\nType=oneshot\nTimeoutStartSec=infinity\nExecStart=/usr/bin/sleep infinity\n");
    machine().succeed("systemctl", "daemon-reload");
    machine()
        .succeed(
            "systemctl",
            "start",
            "--no-block",
            "--job-mode=replace-irreversibly",
            "obstinate.service");
    CountingGuest.Said then = guest.said();
    machine().run("systemctl", "poweroff");
    Commands.await(
        () -> machine().journal(0).contains("'called-off': resumed"),
        () -> "it is not brought back: " + machine().journal(0));
    guest.assertCountsOnAfter(then);
    String inhibitors = machine().succeed("systemd-inhibit", "--list", "--no-pager");
    assertTrue(inhibitors.contains("launcherd"), inhibitors);
    machine().succeed("systemctl", "cancel");
    machine().succeed("systemctl", "stop", "obstinate.service");
    machine().powerOff();
    CountingGuest.Said later = guest.said();
    machine().boot();
    machine().launcher("list");
    guest.assertCountsOnAfter(later);
  }

  @Test
  void aSignalThatLogindDidNotSendSavesNobody() throws IOException, InterruptedException {
    machine().boot();
    CountingGuest guest = guest("unmoved");
    start(List.of(guest));
    Commands.await(
        () -> machine().succeed("systemd-inhibit", "--list", "--no-pager").contains("launcherd"),
        () -> "no lock");
    machine()
        .succeed(
            "setpriv",
            "--reuid=nobody",
            "--clear-groups",
            "busctl",
            "emit",
            "/org/freedesktop/login1",
            "org.freedesktop.login1.Manager",
            "PrepareForShutdown",
            "b",
            "true");
    CountingGuest.Said then = guest.said();
    Commands.await(
        () -> machine().journal(0).contains("PrepareForShutdown"),
        () -> "the daemon does not say that it heard it: " + machine().journal(0));
    guest.assertCountsOnAfter(then);
    assertFalse(Files.exists(machine().path(RECORD)), "nothing was written down");
  }

  @Test
  void aPlainUserOfTheGroupAsksTheHostsDaemon() throws IOException, InterruptedException {
    machine().boot();
    machine().run("groupadd", "--system", "launcher"); // it may be there
    CountingGuest guest = guest("shared");
    start(List.of(guest));
    assertEquals(4, machine().nobody("--clear-groups", "list").status());
    Commands.Result list = machine().nobody("--groups=launcher", "list");
    assertTrue(list.output().contains(guest.name()), list.output());
    assertEquals(0, machine().nobody("--groups=launcher", "suspend", guest.name()).status());
    assertEquals("paused", machine().launcher("domstate", guest.name()).strip());
  }

  /** The guests of a plain user, whose daemon no systemd started and none waits for. */
  @Test
  void aPlainUsersGuestsAreSavedToo() throws IOException, InterruptedException {
    assumeTrue(
        Files.exists(Path.of("/usr/share/polkit-1/actions/org.freedesktop.login1.policy"))
            && Files.isExecutable(Path.of("/usr/lib/polkit-1/polkitd")),
        "needs polkit, which lets plain users hold logind's lock (apt-get install polkitd)");
    machine().boot();
    CountingGuest guest = guest("plain");
    String home = "/srv/home";
    Files.createDirectories(machine().path(home));
    machine().succeed("chown", "-R", "65534:65534", "/srv");
    machine().plainUserLauncher(home, "define", guest.xml());
    machine().plainUserLauncher(home, "start", guest.name());
    guest.awaitCounting(0);
    Commands.await(
        () -> machine().succeed("systemd-inhibit", "--list", "--no-pager").contains("nobody"),
        () -> "a plain user's daemon holds no lock: " + machine().journal(0));

    machine().powerOff();

    CountingGuest.Said then = guest.said();
    assertEquals(0, then.presses(), "it was saved");
    machine().boot();
    machine().plainUserLauncher(home, "list"); // the user's daemon starts with the first command
    guest.assertCountsOnAfter(then);
  }

  @Test
  void standsBackFromOthers() throws IOException, InterruptedException {
    machine().boot();
    CountingGuest ours = guest("ours");
    CountingGuest theirs = guest("theirs");
    CountingGuest clustered = guest("clustered");
    start(List.of(ours, theirs, clustered));
    String uuid = machine().launcher("domuuid", "theirs").strip();
    write(
        "/etc/libvirt/qemu/theirs.xml",
        "<domain type='qemu'><name>x</name><uuid>" + uuid + "</uuid></domain>");
    write("/etc/pacemaker/vm.xml", "<domain><name>clustered</name></domain>");
    write(
        "/var/lib/pacemaker/cib/cib.xml",
        """
        <cib><configuration><resources><primitive id="vm1" class="ocf" provider="heartbeat" type="VirtualDomain">
        <instance_attributes id="i"><nvpair id="c" name="config" value="/etc/pacemaker/vm.xml"/></instance_attributes>
        </primitive></resources></configuration></cib>
        """);
    String status = machine().launcher("guests", "status");
    assertTrue(
        status.contains(
            "'clustered' is left to Pacemaker (resource 'vm1' of '/etc/pacemaker/vm.xml')"),
        status);
    assertFalse(status.contains("'theirs' is left"), "libvirt does nothing at shutdown yet");
    write("/etc/libvirt/qemu.conf", "auto_shutdown_try_save = \"persistent\"\n");
    status = machine().launcher("guests", "status");
    assertTrue(
        status.contains("'theirs' is left to libvirt's automatic shutdown (auto_shutdown_try_save"),
        status);
    Files.delete(machine().path("/etc/libvirt/qemu.conf"));
    write(
        "/etc/systemd/system/libvirt-guests.service",
        "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n");
    machine().succeed("systemctl", "daemon-reload");
    machine().succeed("systemctl", "start", "libvirt-guests.service"); // not even enabled
    status = machine().launcher("guests", "status");
    assertTrue(status.contains("'theirs' is left to libvirt-guests"), status);

    machine().powerOff();

    Map<CountingGuest, CountingGuest.Said> then = said(List.of(ours, theirs, clustered));
    assertEquals(0, theirs.said().presses());
    assertEquals(0, clustered.said().presses());
    machine().boot();
    String past = machine().journal(-1);
    assertTrue(past.contains("'theirs' is left to libvirt-guests"), past);
    machine().launcher("list");
    ours.assertCountsOnAfter(then.get(ours));
    assertEquals(then.get(theirs), theirs.said(), "launcher does not start what it left to others");
    assertEquals(then.get(clustered), clustered.said());
  }

  @Test
  void tellsWhatItWouldDo() throws IOException, InterruptedException {
    machine().boot();
    CountingGuest web =
        guest("web", false, "ladder='save 2min, power-off'><needs guest='database'/></shutdown>");
    CountingGuest database = guest("database");
    start(List.of(web, database));
    String table = machine().launcher("guests", "status");
    assertInOrder(table, "web", "16 MiB", "save 120s, power-off 60s", "database", "web", "32 MiB");
    String json = machine().launcher("guests", "status", "--json");
    assertInOrder(
        json.replace(" ", ""),
        "\"name\":\"web\"",
        "\"bytesNeeded\":16777216",
        "\"act\":\"save\"",
        "\"deadlineSeconds\":120",
        "\"after\":\"web\"",
        "\"room\":true");
    write(
        "/etc/default/libvirt-guests",
        "# as the distribution ships it\nON_SHUTDOWN=shutdown\nSHUTDOWN_TIMEOUT=\"120\"\nPARALLEL_SHUTDOWN=3\nON_BOOT=start\n");
    String policy = machine().launcher("guests", "import");
    assertInOrder(policy, "ladder = acpi 120s, leave 60s", "parallel = 3", "on-boot = resume");
    write("/etc/launcher/shutdown.conf", policy);
    assertTrue(
        machine().launcher("guests", "status").contains("acpi 120s, leave 60s"),
        "what import prints is a policy");
    Path witness = machine().path("/witness");
    write("/etc/default/libvirt-guests", "ON_BOOT=start\nON_SHUTDOWN=$(touch /witness)\n");
    Commands.Result refused = machine().tryLauncher("guests", "import");
    assertTrue(refused.status() != 0, refused.output());
    assertTrue(refused.error().contains("/etc/default/libvirt-guests:2: "), refused.error());
    assertFalse(Files.exists(witness));
  }
}
