package launcher.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The definitions that are raced: the same file for every peer. */
final class Guests {
  static final String PREFIX = "bench-";

  private final Path folder;

  Guests(Path folder) {
    this.folder = folder;
  }

  /** pc, TCG, 64 MiB, one serial port on a pseudo terminal, and those devices. */
  Path guest(String name, String devices) throws IOException {
    Path file = folder.resolve(name + ".xml");
    Files.writeString(
        file,
        """
        <domain type='qemu'>
          <name>%s</name>
          <uuid>%s</uuid>
          <memory unit='MiB'>64</memory>
          <vcpu>1</vcpu>
          <os><type arch='x86_64' machine='pc'>hvm</type></os>
          <features><acpi/></features>
          <devices>
            <emulator>/usr/bin/qemu-system-x86_64</emulator>
            %s
            <controller type='usb' model='none'/>
            <serial type='pty'/>
            <memballoon model='none'/>
          </devices>
        </domain>
        """
            .formatted(name, uuid(name), devices));
    return file;
  }

  /** The same for every run and peer, so that defining again is defining the same guest. */
  private static UUID uuid(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  /** A container whose only program sleeps, on a root of its own. */
  Path container(String name, Path root) throws IOException {
    Path file = folder.resolve(name + ".xml");
    Files.writeString(
        file,
        """
        <domain type='lxc'>
          <name>%s</name>
          <memory unit='MiB'>64</memory>
          <vcpu>1</vcpu>
          <os><type arch='x86_64'>exe</type><init>/sbin/init</init></os>
          <features><privnet/></features>
          <devices>
            <filesystem type='mount'><source dir='%s'/><target dir='/'/></filesystem>
            <console type='pty'/>
          </devices>
        </domain>
        """
            .formatted(name, root));
    return file;
  }

  /** A network without a way out, with addresses by DHCP. */
  Path network(String name, int number) throws IOException {
    Path file = folder.resolve(name + ".xml");
    Files.writeString(
        file,
        """
        <network>
          <name>%s</name>
          <bridge name='vbench%d' stp='off'/>
          <ip address='10.213.%d.1' netmask='255.255.255.0'>
            <dhcp><range start='10.213.%d.100' end='10.213.%d.200'/></dhcp>
          </ip>
        </network>
        """
            .formatted(name, number, number, number, number));
    return file;
  }
}
