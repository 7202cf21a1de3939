package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import launcher.tests.guests.LinuxGuest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The verbs that change a running guest, by the installed command, with a Linux inside that tells
 * what has become of it: processors, disks, cards, memory, its agent, and snapshots. One boot
 * serves them all.
 */
final class LinuxVerbsIT {
  private static final String DOMAIN =
      """
      <!-- the guest of the verbs -->
      <domain type='qemu'>
        <name>verbs</name>
        <memory unit='MiB'>224</memory>
        <vcpu current='1'>2</vcpu>
        <os>
          <type arch='x86_64' machine='q35'>hvm</type>
          <kernel>%s</kernel><initrd>%s</initrd><cmdline>%s</cmdline>
        </os>
        <features><acpi/></features>
        <devices>
          <disk type='file' device='disk'>
            <driver name='qemu' type='qcow2'/><source file='%s'/><target dev='vda' bus='virtio'/>
          </disk>
          <controller type='pci' index='0' model='pcie-root'/>
          <controller type='pci' index='1' model='pcie-root-port'/>
          <controller type='pci' index='2' model='pcie-root-port'/>
          <controller type='pci' index='3' model='pcie-root-port'/>
          <controller type='pci' index='4' model='pcie-root-port'/>
          <controller type='pci' index='5' model='pcie-root-port'/>
          <controller type='pci' index='6' model='pcie-root-port'/>
          <controller type='pci' index='7' model='pcie-root-port'/>
          <serial type='unix'><source mode='bind' path='%s'/></serial>
          <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
          <memballoon model='virtio'/>
        </devices>
      </domain>
      """;

  @TempDir Path folder = Path.of("/");
  private OwnNetwork network = null;
  private InstalledLauncher launcher = new InstalledLauncher(folder, List.of());

  @BeforeEach
  void enter() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "taps need root");
    for (String program : List.of("/usr/bin/qemu-system-x86_64", "/usr/bin/qemu-img")) {
      assumeTrue(Files.isExecutable(Path.of(program)), "needs the program " + program);
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    network = OwnNetwork.open(folder);
    launcher = new InstalledLauncher(folder.resolve("root"), network.words());
  }

  @AfterEach
  void leave() throws IOException, InterruptedException {
    launcher.run("destroy", "verbs");
    network.close();
  }

  @Test
  @Timeout(300)
  void aRunningLinuxIsChanged() throws IOException, InterruptedException {
    LinuxGuest linux = LinuxGuest.make();
    Path image = folder.resolve("system.qcow2");
    network.succeed("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "32M");
    Path socket = folder.resolve("shell.sock");
    String xml =
        DOMAIN.formatted(
            linux.kernel(), linux.initialRamDisk(), LinuxGuest.COMMAND_LINE, image, socket);
    launcher.succeed("define", Files.writeString(folder.resolve("verbs.xml"), xml).toString());
    launcher.succeed("start", "verbs");
    try (LinuxShell shell = LinuxShell.at(socket)) {
      shell.until("GUEST-UP");
      getsAProcessor(shell);
      getsADiskAndGivesItBack(shell);
      getsACardOnABridge(shell);
      givesMemoryBack(shell);
      answersByItsAgent(shell);
      theAgentReachesFurther(shell);
      isTimedAndPinned(shell);
      keepsItsText();
      goesBackToASnapshot(shell);
    }
    changesOverToANewImage();
    goesBackToMemoryInAFile();
    launcher.succeed("shutdown", "verbs", "--mode", "agent");
    launcher.succeed("await", "verbs", "--timeout", "60");
    launcher.succeed("undefine", "verbs", "--snapshots-metadata");
  }

  private void getsAProcessor(LinuxShell shell) throws IOException, InterruptedException {
    launcher.succeed("setvcpus", "verbs", "2");
    shell.waitFor("test -d /sys/devices/system/cpu/cpu1");
    shell.run("echo 1 > /sys/devices/system/cpu/cpu1/online; true");
    assertTrue(shell.run("cat /sys/devices/system/cpu/online").contains("0-1"));
    assertTrue(launcher.succeed("vcpucount", "verbs", "--live", "--active").startsWith("2\n"));
    assertTrue(launcher.succeed("vcpucount", "verbs", "--config", "--active").startsWith("1\n"));
  }

  private void getsADiskAndGivesItBack(LinuxShell shell) throws IOException, InterruptedException {
    Path extra = folder.resolve("extra.img");
    Files.write(extra, new byte[1 << 20]);
    launcher.succeed(
        "attach-disk", "verbs", extra.toString(), "vdb", "--subdriver", "raw", "--persistent");
    shell.waitFor("test -b /dev/vdb");
    shell.run("echo from the guest > /dev/vdb; sync");
    assertTrue(Files.readString(extra).startsWith("from the guest\n"));
    assertTrue(launcher.succeed("domblklist", "verbs", "--inactive").contains("vdb"));
    launcher.succeed("detach-disk", "verbs", "vdb", "--persistent");
    shell.waitFor("test ! -e /dev/vdb");
    assertTrue(!launcher.succeed("domblklist", "verbs").contains("vdb"));
    assertTrue(!launcher.succeed("domblklist", "verbs", "--inactive").contains("vdb"));
  }

  private void getsACardOnABridge(LinuxShell shell) throws IOException, InterruptedException {
    network.succeed("ip", "link", "add", "verbs0", "type", "bridge");
    network.succeed("ip", "link", "set", "verbs0", "up");
    String mac = "52:54:00:76:65:72";
    launcher.succeed(
        "attach-interface", "verbs", "bridge", "verbs0", "--model", "virtio", "--mac", mac);
    shell.waitFor("grep -q " + mac + " /sys/class/net/eth0/address");
    String links = network.succeed("ip", "-o", "link", "show", "master", "verbs0");
    assertTrue(links.contains("vnet"), links);
    limitsIt(mac);
    launcher.succeed("domif-setlink", "verbs", mac, "down");
    shell.run("ip link set eth0 up");
    shell.waitFor("grep -q 0 /sys/class/net/eth0/carrier");
    launcher.succeed("detach-interface", "verbs", "bridge", "--mac", mac);
    shell.waitFor("test ! -e /sys/class/net/eth0");
    assertEquals("", network.succeed("ip", "-o", "link", "show", "master", "verbs0"));
    assertEquals("", network.succeed("ip", "-o", "link", "show", "type", "ifb").strip());
  }

  private void limitsIt(String mac) throws IOException, InterruptedException {
    launcher.succeed("domiftune", "verbs", mac, "--inbound", "1000,2000,512", "--outbound", "800");
    String shown = launcher.succeed("domiftune", "verbs", mac);
    assertTrue(shown.startsWith("inbound.average: 1000\ninbound.peak   : 2000\n"), shown);
    assertTrue(shown.contains("outbound.average: 800\n"), shown);
    String link = launcher.succeed("domiflist", "verbs").replaceAll("(?s).*(vnet\\d+).*", "$1");
    String limits = network.succeed("tc", "class", "show", "dev", link);
    assertTrue(limits.contains("rate 8Mbit ceil 16Mbit burst 512Kb"), limits);
    String between = network.succeed("tc", "class", "show", "dev", "ifb-" + link);
    assertTrue(between.contains("rate 6400Kbit"), between);
    launcher.succeed("domiftune", "verbs", link, "--inbound", "0");
    assertEquals("", network.succeed("tc", "class", "show", "dev", link));
  }

  private void givesMemoryBack(LinuxShell shell) throws IOException, InterruptedException {
    launcher.succeed("setmem", "verbs", "160M");
    shell.waitFor("test $(awk '/MemTotal/ {print $2}' /proc/meminfo) -lt 150000");
    launcher.succeed("setmem", "verbs", "224M");
    shell.waitFor("test $(awk '/MemTotal/ {print $2}' /proc/meminfo) -gt 160000");
  }

  private void answersByItsAgent(LinuxShell shell) throws IOException, InterruptedException {
    launcher.succeed("await", "verbs", "--state", "agent", "--timeout", "60");
    launcher.succeed("guest-ping", "verbs");
    shell.run("mke2fs /dev/vda > /dev/null; mkdir -p /data; mount -t ext4 /dev/vda /data");
    String systems = launcher.succeed("domfsinfo", "verbs");
    assertTrue(systems.contains("/data"), systems);
    assertTrue(launcher.succeed("domfsfreeze", "verbs").startsWith("Froze 1 filesystem(s)"));
    assertTrue(launcher.succeed("domfsthaw", "verbs").startsWith("Thawed 1 filesystem(s)"));
    shell.run("ip address add 10.9.8.7/24 dev lo; ip link set lo up");
    String addresses = launcher.succeed("domifaddr", "verbs", "--source", "agent");
    assertTrue(addresses.contains("10.9.8.7/24"), addresses);
    launcher.succeed("domtime", "verbs", "--time", "1000000000");
    String time = launcher.succeed("domtime", "verbs");
    assertTrue(time.startsWith("Time: 1000000"), time);
    launcher.succeed("domtime", "verbs", "--now");
    assertTrue(launcher.succeed("domhostname", "verbs").contains("(none)"));
  }

  private void theAgentReachesFurther(LinuxShell shell) throws IOException, InterruptedException {
    // busybox has no chpasswd: this one tells what the agent gave it
    shell.run("echo '#!/bin/busybox sh' > /bin/chpasswd");
    shell.run("echo 'echo \"said: $*:\" > /tmp/said; cat >> /tmp/said' >> /bin/chpasswd");
    shell.run("echo 'grep -q root: /tmp/said' >> /bin/chpasswd; chmod +x /bin/chpasswd");
    launcher.succeed("set-user-password", "verbs", "root", "a word; $(touch /x)");
    String said = shell.run("cat /tmp/said; ls /x");
    assertTrue(said.contains("root:a word; $(touch /x)"), said);
    assertTrue(said.contains("No such file"), said);
    launcher.succeed("set-user-password", "verbs", "root", "$1$salt$hash", "--encrypted");
    said = shell.run("cat /tmp/said");
    assertTrue(said.contains("said: -e:"), said);
    assertTrue(said.contains("root:$1$salt$hash"), said);
    InstalledLauncher.Result nobody = launcher.run("set-user-password", "verbs", "nobody", "word");
    assertEquals(1, nobody.status(), nobody.error());
    logsInWithKeys(shell);
    shell.run("date -s @1000000000");
    launcher.succeed("domtime", "verbs", "--sync");
    String time = launcher.succeed("domtime", "verbs");
    assertTrue(!time.startsWith("Time: 10000000"), time);
    shell.run("rm -f /data/hole; dd if=/dev/zero of=/data/hole bs=1M count=4 2> /dev/null; sync");
    long before = Files.size(folder.resolve("system.qcow2"));
    assertTrue(before > 4 << 20, "nothing was written");
    shell.run("rm /data/hole; sync");
    launcher.succeed("domfstrim", "verbs");
    String facts = launcher.succeed("guestinfo", "verbs");
    assertTrue(facts.contains("if.count"), facts);
    assertTrue(facts.contains("fs.0.mountpoint     : /data"), facts);
    assertEquals("2\n\n", launcher.succeed("vcpucount", "verbs", "--guest"));
    launcher.succeed("setvcpus", "verbs", "1", "--guest");
    shell.waitFor("test \"$(cat /sys/devices/system/cpu/online)\" = 0");
    launcher.succeed("guestvcpus", "verbs", "1", "--enable");
    assertTrue(launcher.succeed("guestvcpus", "verbs").contains("online         : 0-1\n"));
    String late =
        launcher.succeed(
            "qemu-agent-command", "verbs", "--timeout", "20", "{\"execute\":\"guest-ping\"}");
    assertTrue(late.contains("return"), late);
  }

  private void logsInWithKeys(LinuxShell shell) throws IOException, InterruptedException {
    shell.run(
        "mkdir -p /root /etc; grep -q ^root: /etc/passwd || echo 'root:x:0:0::/root:/bin/sh' >> /etc/passwd");
    Path keys = Files.writeString(folder.resolve("keys"), "ssh-ed25519 AAAA one@here\n");
    launcher.succeed("set-user-sshkeys", "verbs", "root", keys.toString());
    assertTrue(launcher.succeed("get-user-sshkeys", "verbs", "root").contains("AAAA one@here"));
    assertTrue(shell.run("cat /root/.ssh/authorized_keys").contains("AAAA one@here"));
    launcher.succeed("set-user-sshkeys", "verbs", "root", keys.toString(), "--remove");
    assertTrue(!launcher.succeed("get-user-sshkeys", "verbs", "root").contains("AAAA"));
  }

  private void isTimedAndPinned(LinuxShell shell) throws IOException, InterruptedException {
    launcher.succeed("domblkthreshold", "verbs", "vda", "1");
    Process listener =
        launcher.begin("event", "--event", "block-threshold", "--timeout", "60", "--json");
    try (var heard = listener.inputReader()) {
      // the listener is there when it hears of itself: each write crosses once, so it is set anew
      String line = "";
      while (line.isEmpty() && listener.isAlive()) {
        launcher.succeed("domblkthreshold", "verbs", "vda", "1");
        shell.run("date > /data/crossed; sync");
        line = heard.ready() ? heard.readLine() : "";
      }
      assertTrue(line.contains("virtio-disk0: byte 1 passed by"), line);
    } finally {
      listener.destroy();
    }
    launcher.succeed("domdirtyrate-calc", "verbs", "--seconds", "1");
    String rate = "";
    while (!rate.contains("calc_status=2")) {
      rate = launcher.succeed("domstats", "verbs", "--dirtyrate");
    }
    assertTrue(rate.contains("megabytes_per_second"), rate);
    launcher.succeed("inject-nmi", "verbs");
    shell.waitFor("dmesg | grep -qi nmi");
    assertEquals("ok\n\n", launcher.succeed("domcontrol", "verbs"));
  }

  private void goesBackToMemoryInAFile() throws IOException, InterruptedException {
    Path memory = folder.resolve("memory.saved");
    try (LinuxShell shell = LinuxShell.at(folder.resolve("shell.sock"))) {
      shell.run("echo earlier > /tmp/word; echo earlier > /data/word; sync");
      launcher.succeed("snapshot-create-as", "verbs", "beside", "--memspec", memory.toString());
      assertTrue(Files.size(memory) > 1 << 20, "no memory in " + memory);
      assertEquals("running\n\n", launcher.succeed("domstate", "verbs"));
      shell.run("echo later > /tmp/word; echo later > /data/word; sync");
    }
    assertTrue(launcher.succeed("domblklist", "verbs").contains("system.beside"));
    launcher.succeed("snapshot-revert", "verbs", "beside");
    try (LinuxShell again = LinuxShell.at(folder.resolve("shell.sock"))) {
      assertTrue(again.run("cat /tmp/word").contains("earlier"));
      assertTrue(again.run("cat /data/word").contains("earlier"));
    }
    launcher.succeed("snapshot-delete", "verbs", "beside");
    assertTrue(Files.notExists(memory), "the memory is left");
  }

  private void keepsItsText() throws IOException, InterruptedException {
    String text = launcher.succeed("dumpxml", "verbs", "--inactive", "--as-written");
    assertTrue(text.startsWith("<!-- the guest of the verbs -->"), text);
  }

  private void goesBackToASnapshot(LinuxShell shell) throws IOException, InterruptedException {
    shell.run("echo before > /tmp/word; echo before > /data/word; sync");
    launcher.succeed("snapshot-create-as", "verbs", "first", "with its memory");
    shell.run("echo after > /tmp/word; echo after > /data/word; sync");
    launcher.succeed("snapshot-create-as", "verbs", "second");
    String tree = launcher.succeed("snapshot-list", "verbs", "--tree");
    assertEquals("first\n  |\n  +- second\n    \n\n", tree);
    launcher.succeed("snapshot-revert", "verbs", "first");
    try (LinuxShell again = LinuxShell.at(folder.resolve("shell.sock"))) {
      assertTrue(again.run("cat /tmp/word").contains("before"));
      assertTrue(again.run("cat /data/word").contains("before"));
      assertTrue(again.run("cat /sys/devices/system/cpu/online").contains("0-1"));
    }
    assertTrue(launcher.succeed("snapshot-current", "verbs", "--name").startsWith("first\n"));
    launcher.succeed("snapshot-delete", "verbs", "first", "--children");
    String none = launcher.succeed("snapshot-list", "verbs", "--name");
    assertEquals("\n", none);
  }

  private void changesOverToANewImage() throws IOException, InterruptedException {
    launcher.succeed("snapshot-create-as", "verbs", "disks", "--disk-only", "--quiesce");
    Path overlay = folder.resolve("system.disks");
    assertTrue(launcher.succeed("domblklist", "verbs").contains(overlay.toString()));
    try (LinuxShell shell = LinuxShell.at(folder.resolve("shell.sock"))) {
      shell.run("echo above > /data/word; sync");
      launcher.succeed("snapshot-delete", "verbs", "disks");
      assertTrue(Files.notExists(overlay), "the new image is still there");
      assertTrue(shell.run("cat /data/word").contains("above"));
    }
  }
}
