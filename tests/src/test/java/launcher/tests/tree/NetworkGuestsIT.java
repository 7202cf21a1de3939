package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import launcher.tests.guests.LinuxGuest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Linux guest and a container on one network, by the installed command: addresses as reserved,
 * names, the way out, what the port group allows, and nothing left of either afterwards.
 */
final class NetworkGuestsIT {
  /** What udhcpc runs when it has an address; it is udhcpc that wants a script. */
  private static final String TAKE_ADDRESS =
      "[ $1 = bound ] && ip address add $ip/$mask dev $interface"
          + " && ip route add default via $router"
          + " && { echo search $domain; echo nameserver $dns; } > /etc/resolv.conf; true";

  private static final String NETWORK =
      """
      <network>
        <name>lab</name>
        <forward mode='nat'/>
        <bridge name='lab0' stp='off'/>
        <domain name='lab.example' localOnly='yes'/>
        <portgroup name='slow'>
          <bandwidth><inbound average='2000'/><outbound average='1000'/></bandwidth>
        </portgroup>
        <ip address='10.81.0.1' prefix='24'>
          <dhcp>
            <range start='10.81.0.100' end='10.81.0.199'/>
            <host mac='52:54:00:81:00:10' name='web' ip='10.81.0.10'/>
            <host mac='52:54:00:81:00:20' name='box' ip='10.81.0.20'/>
          </dhcp>
        </ip>
      </network>
      """;

  @TempDir Path folder = Path.of("/");
  private OwnNetwork network = null;
  private String qemu = "";
  private InstalledLauncher launcher = new InstalledLauncher(folder, List.of());

  @BeforeEach
  void enter() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "networks need root");
    for (String program :
        List.of(
            "/usr/sbin/dnsmasq",
            "/usr/sbin/nft",
            "/usr/bin/qemu-system-x86_64",
            "/usr/bin/lxc-start",
            "/bin/busybox")) {
      assumeTrue(Files.isExecutable(Path.of(program)), "needs the program " + program);
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    network = OwnNetwork.open(folder);
    launcher = new InstalledLauncher(folder.resolve("root"), network.words());
  }

  @AfterEach
  void leave() throws IOException, InterruptedException {
    launcher.run("destroy", "web");
    launcher.run("destroy", "box");
    launcher.run("net-destroy", "lab");
    network.close();
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  /** The guest's second serial port, where it answers lines with what a command says. */
  private record GuestShell(SocketChannel channel, BufferedReader lines) implements AutoCloseable {
    static GuestShell at(Path socket) throws IOException {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(socket));
      GuestShell shell =
          new GuestShell(
              channel, new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8)));
      shell.until("GUEST-UP");
      return shell;
    }

    List<String> until(String last) throws IOException {
      List<String> said = new ArrayList<>();
      String line = lines.readLine();
      while (line != null && !line.contains(last)) {
        said.add(line);
        line = lines.readLine();
      }
      assertTrue(line != null, "the guest ended: " + said);
      said.add(line);
      return said;
    }

    String run(String command) throws IOException {
      channel.write(StandardCharsets.UTF_8.encode("sh " + command + "\n"));
      return String.join("\n", until("RC "));
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private String guest(LinuxGuest linux) {
    return """
    <domain type='qemu'>
      <name>web</name>
      <memory unit='MiB'>192</memory>
      <os>
        <type arch='x86_64' machine='q35'>hvm</type>
        <kernel>%s</kernel><initrd>%s</initrd><cmdline>%s</cmdline>
      </os>
      <devices>
        <interface type='network'>
          <source network='lab' portgroup='slow'/>
          <mac address='52:54:00:81:00:10'/><model type='virtio'/>
        </interface>
        <interface type='network'>
          <source network='lab'/><mac address='52:54:00:81:00:11'/><model type='virtio'/>
          <link state='down'/>
        </interface>
        <serial type='unix'><source mode='bind' path='%s'/></serial>
        <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
        <memballoon model='none'/>
      </devices>
    </domain>
    """
        .formatted(
            linux.kernel(),
            linux.initialRamDisk(),
            LinuxGuest.COMMAND_LINE,
            folder.resolve("shell.sock"));
  }

  private String container() throws IOException {
    Path root = folder.resolve("box");
    for (String inner : List.of("bin", "etc", "dev", "proc", "sys", "tmp", "run")) {
      Files.createDirectories(root.resolve(inner));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("busybox"));
    for (String tool : List.of("ip", "nslookup", "wget", "ping")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(tool), Path.of("busybox"));
    }
    Path script = root.resolve("take-address");
    Files.writeString(script, "#!/bin/sh\n" + TAKE_ADDRESS + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(root.resolve("etc/inittab"), "::sysinit:/bin/busybox true\n");
    return """
    <domain type='lxc'>
      <name>box</name>
      <memory unit='MiB'>64</memory>
      <os><type>exe</type><init>/bin/busybox</init><initarg>init</initarg></os>
      <devices>
        <filesystem type='mount'><source dir='%s'/><target dir='/'/></filesystem>
        <interface type='network'>
          <source network='lab' portgroup='slow'/><mac address='52:54:00:81:00:20'/>
        </interface>
        <console type='pty'/>
      </devices>
    </domain>
    """
        .formatted(root);
  }

  private String inBox(String... words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("lxc-enter-namespace", "box", "--", "/bin/busybox"));
    all.addAll(List.of(words));
    return launcher.succeed(all.toArray(String[]::new));
  }

  @Test
  @Timeout(300)
  void aGuestAndAContainerFindEachOther() throws IOException, InterruptedException {
    LinuxGuest linux = LinuxGuest.make();
    launcher.succeed("net-define", write("lab.xml", NETWORK));
    // both start it, since it starts with the host
    launcher.succeed("net-autostart", "lab");
    launcher.succeed("define", write("web.xml", guest(linux)));
    launcher.succeed("define", write("box.xml", container()));
    launcher.succeed("start", "box");
    assertTrue(launcher.succeed("net-info", "lab").contains("Active:         yes"));
    qemu = launcher.succeed("start", "web", "--json").replaceAll("(?s).*\"pid\": ([0-9]+).*", "$1");
    try (GuestShell web = GuestShell.at(folder.resolve("shell.sock"))) {
      addresses(web);
      names(web);
      wayOut(web);
      limits(web);
      sources();
    }
    nothingIsLeft();
  }

  private void addresses(GuestShell web) throws IOException, InterruptedException {
    inBox("udhcpc", "-i", "eth0", "-n", "-q", "-t", "20", "-T", "1", "-s", "/take-address");
    assertTrue(inBox("ip", "address", "show", "eth0").contains("10.81.0.20/24"));
    web.run("printf '%b' '#!/bin/sh\\n" + TAKE_ADDRESS + "' > /take-address");
    web.run("chmod 755 /take-address");
    web.run("ip link set eth0 up");
    String said = web.run("udhcpc -i eth0 -n -q -t 20 -T 1 -s /take-address");
    assertTrue(said.contains("lease of 10.81.0.10 obtained"), said);
    said = web.run("ip address show eth0");
    assertTrue(said.contains("10.81.0.10/24"), said);
    String leases = launcher.succeed("net-dhcp-leases", "lab");
    assertTrue(leases.contains("10.81.0.10/24") && leases.contains("10.81.0.20/24"), leases);
    assertTrue(leases.contains(" web ") && leases.contains(" box "), leases);
  }

  private void names(GuestShell web) throws IOException, InterruptedException {
    assertTrue(inBox("nslookup", "web.lab.example").contains("10.81.0.10"));
    assertTrue(inBox("ping", "-c", "1", "-W", "20", "web").contains("1 packets received"));
    String said = web.run("nslookup box.lab.example");
    assertTrue(said.contains("10.81.0.20"), said);
    said = web.run("ping -c 1 -W 20 box");
    assertTrue(said.contains("1 packets received"), said);
  }

  /** A server in another namespace, behind the host. */
  private void wayOut(GuestShell web) throws IOException, InterruptedException {
    network.succeed("ip", "netns", "add", "world");
    network.succeed(
        "ip", "link", "add", "world0", "type", "veth", "peer", "name", "eth0", "netns", "world");
    network.succeed("ip", "address", "add", "203.0.113.1/24", "dev", "world0");
    network.succeed("ip", "link", "set", "world0", "up");
    network.succeed("ip", "-n", "world", "address", "add", "203.0.113.9/24", "dev", "eth0");
    network.succeed("ip", "-n", "world", "link", "set", "eth0", "up");
    write("page", "hello from outside\n");
    Process server =
        network.begin(
            "ip",
            "netns",
            "exec",
            "world",
            "busybox",
            "httpd",
            "-f",
            "-p",
            "80",
            "-h",
            folder.toString());
    try {
      String page = "http://203.0.113.9/page";
      String said = web.run("for i in 1 2 3 4 5; do wget -q -O - " + page + " && break; done");
      assertTrue(said.contains("hello from outside"), said);
      assertTrue(inBox("wget", "-q", "-O", "-", page).contains("hello from outside"));
    } finally {
      server.destroy();
    }
  }

  private void limits(GuestShell web) throws IOException, InterruptedException {
    String tap = card("web", "52:54:00:81:00:10");
    assertTrue(network.succeed("tc", "class", "show", "dev", tap).contains("rate 16Mbit"));
    assertTrue(network.succeed("tc", "class", "show", "dev", "ifb-" + tap).contains("rate 8Mbit"));
    String veth = card("box", "52:54:00:81:00:20");
    assertTrue(network.succeed("tc", "class", "show", "dev", veth).contains("rate 16Mbit"));
    // of no group, and with its cable out
    String other = card("web", "52:54:00:81:00:11");
    assertEquals("", network.succeed("tc", "class", "show", "dev", other));
    web.run("ip link set eth1 up");
    assertTrue(web.run("cat /sys/class/net/eth1/carrier").contains("0"));
    assertTrue(web.run("cat /sys/class/net/eth0/carrier").contains("1"));
  }

  /** The host's name of a card, from domiflist. */
  private String card(String guest, String mac) throws IOException, InterruptedException {
    return launcher
        .succeed("domiflist", guest)
        .lines()
        .filter(line -> line.endsWith(mac))
        .map(line -> line.strip().split(" +")[0])
        .findFirst()
        .orElseThrow();
  }

  private void sources() throws IOException, InterruptedException {
    String lease = launcher.succeed("domifaddr", "web");
    assertTrue(lease.contains("52:54:00:81:00:10    ipv4         10.81.0.10/24"), lease);
    String heard = launcher.succeed("domifaddr", "web", "--source", "arp");
    assertTrue(heard.contains("52:54:00:81:00:10    ipv4         10.81.0.10/0"), heard);
    String told = launcher.succeed("domifaddr", "web", "--source", "agent");
    assertTrue(told.contains(" eth0 ") && told.contains("10.81.0.10/24"), told);
    assertTrue(launcher.succeed("domifaddr", "box").contains("10.81.0.20/24"));
  }

  /** Killed and not destroyed: the links go with their owners, the rest with the network. */
  private void nothingIsLeft() throws IOException, InterruptedException {
    String tap = card("web", "52:54:00:81:00:10");
    network.succeed("kill", "-9", qemu);
    launcher.succeed("await", "web", "--state", "shutoff");
    launcher.succeed("destroy", "box");
    String links = network.succeed("ip", "-br", "link");
    assertFalse(links.contains(tap), links);
    assertFalse(links.contains("ifb-"), links);
    launcher.succeed("net-destroy", "lab");
    assertFalse(network.succeed("ip", "-br", "link").contains("lab0"));
    assertEquals("", network.succeed("nft", "list", "ruleset"));
  }
}
