package launcher.drivers.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import launcher.drivers.qemu.address.Definitions;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlProblem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Devices that cannot be, one reason each; what differs from them in one thing is let through. */
class RefusalsTest {
  private static Arguments row(String reason, String wrong, String right) {
    return Arguments.of(reason, wrong, right);
  }

  private static String disk(String inside, String target) {
    return "<disk type='file'>" + inside + "<source file='/d'/><target " + target + "/></disk>";
  }

  private static Stream<Arguments> rows() {
    return Stream.of(
        row(
            "missing iothread mapping for queue '1'",
            disk(
                "<driver queues='2'><iothreads><iothread id='1'><queue id='0'/></iothread></iothreads></driver>",
                "dev='vda' bus='virtio'"),
            disk(
                "<driver queues='1'><iothreads><iothread id='1'><queue id='0'/></iothread></iothreads></driver>",
                "dev='vda' bus='virtio'")),
        row(
            "throttle group 'a' not found",
            disk(
                "<throttlefilters><throttlefilter group='a'/></throttlefilters>",
                "dev='vda' bus='virtio'"),
            disk("<throttlefilters/>", "dev='vda' bus='virtio'")),
        row(
            "group_name can be configured only together",
            disk("<iotune><group_name>g</group_name></iotune>", "dev='vda' bus='virtio'"),
            disk(
                "<iotune><group_name>g</group_name><total_iops_sec>1</total_iops_sec></iotune>",
                "dev='vda' bus='virtio'")),
        row(
            "protocol 'ssh' is reached by TCP only",
            "<disk type='network'><source protocol='ssh' name='i'><host transport='unix' socket='/s'/></source><target dev='vda' bus='virtio'/></disk>",
            "<disk type='network'><source protocol='nbd' name='i'><host transport='unix' socket='/s'/></source><target dev='vda' bus='virtio'/></disk>"),
        row(
            "a CD-ROM drive cannot have throttle filters",
            "<disk type='file' device='cdrom'><target dev='hda' bus='ide'/><throttlefilters><throttlefilter group='x'/></throttlefilters></disk>",
            "<disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk>"),
        row(
            "file system target 't' is used twice",
            "<filesystem><driver type='virtiofs'/><source dir='/a'/><target dir='t'/></filesystem><filesystem><source dir='/b'/><target dir='t'/></filesystem>",
            "<filesystem><source dir='/a'/><target dir='t'/></filesystem><filesystem><source dir='/b'/><target dir='t'/></filesystem>"),
        row(
            "QEMU has at most 512 pairs of queues",
            "<interface type='ethernet'><model type='virtio'/><driver queues='99999999999999999999'/></interface>",
            "<interface type='ethernet'><model type='virtio'/><driver queues='512'/></interface>"),
        row(
            "controller has up to 15 ports",
            "<controller type='usb' model='qemu-xhci' ports='1000000000'/><input type='tablet' bus='usb'/>",
            "<controller type='usb' model='qemu-xhci' ports='15'/><input type='tablet' bus='usb'/>"),
        row(
            "vlan tag id 4096 is too large",
            "<interface type='ethernet'><vlan><tag id='4096'/></vlan></interface>",
            "<interface type='ethernet'><vlan><tag id='4095'/></vlan></interface>"),
        row(
            "<port> is not supported for interfaces of type 'user'",
            "<interface type='user'><port isolated='yes'/></interface>",
            "<interface type='user'><port isolated='no'/></interface>"),
        row(
            "audio <settings> need fixedSettings",
            "<audio id='1' type='none'><input fixedSettings='no'><settings channels='2'/></input></audio>",
            "<audio id='1' type='none'><input mixingEngine='yes' fixedSettings='yes'><settings channels='2'/></input></audio>"),
        row(
            "a VNC port must be between 5900 and 65535, not 65536",
            "<graphics type='vnc' port='65536'/>",
            "<graphics type='vnc' port='65535'/>"),
        row(
            "QEMU's displays listen in one place each",
            "<graphics type='vnc'><listen type='address'/><listen type='socket' socket='/s'/></graphics>",
            "<graphics type='vnc'><listen type='socket' socket='/s'/></graphics>"),
        row(
            "video type 'cirrus' has no resolution",
            "<video><model type='cirrus'><resolution x='800' y='600'/></model></video>",
            "<video><model type='vga'><resolution x='800' y='600'/></model></video>"),
        row(
            "has ports of its own",
            "<controller type='usb' index='0' model='ehci' ports='4'/>",
            "<controller type='usb' index='0' model='qemu-xhci' ports='4'/>"),
        row(
            "a <serial> cannot be of type 'spicevmc'",
            "<serial type='spicevmc'/><graphics type='spice'/>",
            "<serial type='pty'/><graphics type='spice'/>"),
        row(
            "no more than one smartcard reader",
            "<smartcard mode='host'><address type='ccid' controller='1' slot='0'/></smartcard>",
            "<smartcard mode='host'><address type='ccid' controller='0' slot='0'/></smartcard>"),
        row(
            "device assignment mode 'kvm'",
            "<hostdev mode='subsystem' type='pci'><driver name='kvm'/><source><address domain='0' bus='1' slot='0' function='0'/></source></hostdev>",
            "<hostdev mode='subsystem' type='pci'><driver name='vfio'/><source><address domain='0' bus='1' slot='0' function='0'/></source></hostdev>"),
        row(
            "names neither its <vendor> and <product> nor its <address>",
            "<hostdev mode='subsystem' type='usb'><source startupPolicy='optional'/></hostdev>",
            "<hostdev mode='subsystem' type='usb'><source><address bus='1' device='2'/></source></hostdev>"),
        row(
            "known by vendor and product",
            "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1'/></source></hostdev>",
            "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1'/><product id='0x2'/></source></hostdev>"),
        row(
            "no limits of usage",
            "<filesystem><space_hard_limit>1</space_hard_limit><source dir='/a'/><target dir='a'/></filesystem>",
            "<filesystem><source dir='/a'/><target dir='a'/></filesystem>"),
        row(
            "missing source information",
            "<disk type='file'><target dev='vda' bus='virtio'/></disk>",
            "<disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk>"),
        row(
            "storage format 'fat' is supported only with 'dir'",
            disk("<driver type='fat'/>", "dev='vda' bus='virtio'"),
            "<disk type='dir'><driver type='fat'/><source dir='/d'/><target dev='vda' bus='virtio'/><readonly/></disk>"),
        row(
            "readonly ide disks",
            disk("<readonly/>", "dev='hda' bus='ide'"),
            disk("<readonly/>", "dev='vda' bus='virtio'")),
        row(
            "partitions can't appear",
            disk("", "dev='vda1' bus='virtio'"),
            disk("", "dev='vda' bus='virtio'")),
        row(
            "disk iothread '9' not defined",
            disk("<driver iothread='9'/>", "dev='vda' bus='virtio'"),
            disk("<driver iothread='1'/>", "dev='vda' bus='virtio'")),
        row(
            "serial '<' contains unsafe characters",
            disk("<serial>&lt;</serial>", "dev='vda' bus='virtio'"),
            disk("<serial>a b-_.+</serial>", "dev='vda' bus='virtio'")),
        row(
            "total and read/write iops_sec",
            disk(
                "<iotune><total_iops_sec>1</total_iops_sec><read_iops_sec>1</read_iops_sec></iotune>",
                "dev='vda' bus='virtio'"),
            disk("<iotune><read_iops_sec>1</read_iops_sec></iotune>", "dev='vda' bus='virtio'")),
        row(
            "can't split path 'image'",
            "<disk type='network'><source protocol='rbd' name='image'/><target dev='vda' bus='virtio'/></disk>",
            "<disk type='network'><source protocol='rbd' name='pool/image'/><target dev='vda' bus='virtio'/></disk>"),
        row(
            "query is supported only with HTTP(S)",
            "<disk type='network'><source protocol='ftp' name='i' query='a=b'><host name='h'/></source><target dev='vda' bus='virtio'/></disk>",
            "<disk type='network'><source protocol='http' name='i' query='a=b'><host name='h'/></source><target dev='vda' bus='virtio'/></disk>"),
        row(
            "missing source information of a backing store",
            disk(
                "<backingStore type='file'><format type='raw'/></backingStore>",
                "dev='vda' bus='virtio'"),
            disk(
                "<backingStore type='file'><format type='raw'/><source file='/b'/></backingStore>",
                "dev='vda' bus='virtio'")),
        row(
            "index '2147483648' of a controller is too high",
            "<controller type='pci' index='2147483648' model='pci-bridge'/>",
            "<controller type='pci' index='1' model='pci-bridge'/>"),
        row(
            "transport protocol 'rdma' is not yet supported",
            "<disk type='network'><source protocol='gluster' name='v/i'><host name='h' transport='rdma'/></source><target dev='vda' bus='virtio'/></disk>",
            "<disk type='network'><source protocol='gluster' name='v/i'><host name='h'/></source><target dev='vda' bus='virtio'/></disk>"),
        row(
            "CHS translation mode can only be set for 'ide' bus",
            disk("<geometry cyls='1' heads='1' secs='1' trans='lba'/>", "dev='vda' bus='virtio'"),
            disk("<geometry cyls='1' heads='1' secs='1'/>", "dev='vda' bus='virtio'")),
        row(
            "only a single IDE controller",
            "<controller type='ide' index='1'/>",
            "<controller type='ide' index='0'/>"),
        row(
            "'queues' is only supported by virtio-scsi",
            "<controller type='scsi' model='lsilogic'><driver queues='2'/></controller>",
            "<controller type='scsi' model='virtio-scsi'><driver queues='2'/></controller>"),
        row(
            "option 'chassis' is not valid",
            "<controller type='pci' index='1' model='pci-bridge'><target chassis='1'/></controller>",
            "<controller type='pci' index='1' model='pci-bridge'><target chassisNr='1'/></controller>"),
        row(
            "not supported without spice graphics",
            "<channel type='spicevmc'><target type='virtio'/></channel>",
            "<channel type='spicevmc'><target type='virtio'/></channel><graphics type='spice'/>"),
        row(
            "only the first console",
            "<console type='pty'/><console type='pty'/>",
            "<console type='pty'/><console type='pty'><target type='virtio'/></console>"),
        row(
            "target port '1' already allocated",
            "<serial type='pty'><target port='1'/></serial><serial type='pty'><target port='1'/></serial>",
            "<serial type='pty'><target port='1'/></serial><serial type='pty'/>"),
        row(
            "iommu driver option is only supported for virtio",
            "<interface type='user'><model type='e1000'/><driver iommu='on'/></interface>",
            "<interface type='user'><model type='virtio'/><driver iommu='on'/></interface>"),
        row(
            "ROM tuning is not supported when ROM is disabled",
            "<interface type='user'><model type='virtio'/><rom enabled='no' file='/r'/></interface>",
            "<interface type='user'><model type='virtio'/><rom enabled='no'/></interface>"),
        row(
            "non unique alias detected: ua-a",
            "<hub type='usb'><alias name='ua-a'/></hub><hub type='usb'><alias name='ua-a'/></hub>",
            "<hub type='usb'><alias name='ua-a'/></hub><hub type='usb'><alias name='ua-b'/></hub>"),
        row(
            "malformed 'wwpn' value",
            "<hostdev mode='subsystem' type='scsi_host'><source protocol='vhost' wwpn='5123'/></hostdev>",
            "<hostdev mode='subsystem' type='scsi_host'><source protocol='vhost' wwpn='naa.5123456789abcde0'/></hostdev>"),
        row(
            "graphics type 'egl-headless' is only supported with",
            "<graphics type='sdl'/><graphics type='egl-headless'/>",
            "<graphics type='vnc'/><graphics type='egl-headless'/>"),
        row(
            "does not support multiple 'heads'",
            "<video><model type='cirrus' heads='2'/></video>",
            "<video><model type='qxl' heads='2'/></video>"),
        row(
            "a virtio <rng> cannot have an address of type 'usb'",
            "<rng model='virtio'><backend model='random'/><address type='usb' bus='0' port='1'/></rng>",
            "<rng model='virtio'><backend model='random'/></rng>"),
        row(
            "only for host devices",
            "<memballoon model='virtio'><address type='unassigned'/></memballoon>",
            "<memballoon model='virtio'/>"),
        row(
            "virtio serial controller 0 is missing",
            "<watchdog model='i6300esb'><address type='virtio-serial' controller='0' bus='0' port='1'/></watchdog>",
            "<watchdog model='i6300esb'/>"),
        row(
            "has no CCW addresses",
            "<rng model='virtio'><backend model='random'/><address type='ccw' cssid='0xfe' ssid='0' devno='1'/></rng>",
            "<rng model='virtio'><backend model='random'/></rng>"),
        row(
            "a USB device needs an address of type 'usb'",
            "<controller type='usb'/><input type='tablet' bus='usb'><address type='ccid' controller='0' slot='0'/></input>",
            "<controller type='usb'/><input type='tablet' bus='usb'/>"),
        row(
            "loadparm 'ABCDEFGHI'",
            "<interface type='user'><model type='virtio'/><boot order='1' loadparm='abcdefghi'/></interface>",
            "<interface type='user'><model type='virtio'/><boot order='1' loadparm='abcdefgh'/></interface>"),
        row(
            "booting from assigned devices",
            "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address uuid='90c6c135-ad44-41d0-b1b7-bae47de48627'/></source><boot order='1'/></hostdev>",
            "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address uuid='90c6c135-ad44-41d0-b1b7-bae47de48627'/></source></hostdev>"),
        row(
            "'x' is no SCSI adapter",
            "<hostdev mode='subsystem' type='scsi'><source><adapter name='x'/><address bus='0' target='0' unit='0'/></source></hostdev>",
            "<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host1'/><address bus='0' target='0' unit='0'/></source></hostdev>"),
        row(
            "USB controller of model 'ehci' has no 'ports'",
            "<controller type='usb' model='ehci' ports='4'/>",
            "<controller type='usb' model='qemu-xhci' ports='4'/>"),
        row(
            "has no <resolution>",
            "<video><model type='cirrus'><resolution x='800' y='600'/></model></video>",
            "<video><model type='vga'><resolution x='800' y='600'/></model></video>"),
        row(
            "option 'memReserve' is not valid",
            "<controller type='pci' index='1' model='pci-expander-bus'><target memReserve='8'/></controller>",
            "<controller type='pci' index='1' model='pci-bridge'><target memReserve='8'/></controller>"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void refusesTheOneAndNotTheOther(String reason, String wrong, String right) {
    List<String> problems = problems(wrong);
    assertTrue(problems.stream().anyMatch(p -> p.contains(reason)), problems.toString());
    assertEquals(List.of(), problems(right));
  }

  private static Stream<Arguments> elsewhere() {
    return Stream.of(
        Arguments.of(
            "s390x",
            "s390-ccw-virtio",
            "no virtio CCW address",
            "<rng model='virtio'><backend model='random'/><address type='ccw' cssid='0xff' ssid='0' devno='1'/></rng>",
            "<rng model='virtio'><backend model='random'/><address type='ccw' cssid='0xfe' ssid='0' devno='1'/></rng>"),
        Arguments.of(
            "s390x",
            "s390-ccw-virtio",
            "a <rom> is only for PCI devices",
            "<interface type='user'><model type='virtio'/><rom bar='off'/></interface>",
            "<interface type='user'><model type='virtio'/></interface>"),
        Arguments.of(
            "s390x",
            "s390-ccw-virtio",
            "only the first console can be a serial port",
            "<console type='pty'/><console type='pty'/>",
            "<console type='pty'/><console type='pty'><target type='sclp'/></console>"),
        Arguments.of(
            "ppc64",
            "pseries",
            "have no floppy drive",
            "<disk type='file' device='floppy'><source file='/f'/><target dev='fda' bus='fdc'/></disk>",
            "<disk type='file'><source file='/f'/><target dev='vda' bus='virtio'/></disk>"),
        Arguments.of(
            "aarch64",
            "virt",
            "target type 'system-serial' cannot have an address",
            "<serial type='pty'><address type='pci'/></serial>",
            "<serial type='pty'><target port='1'/></serial><serial type='pty'><target port='1'/></serial>"));
  }

  @ParameterizedTest
  @MethodSource("elsewhere")
  void refusesWhatAnArchitectureHasNot(
      String arch, String machine, String reason, String wrong, String right) {
    List<String> problems = problems(Definitions.completed(arch, machine, wrong));
    assertTrue(problems.stream().anyMatch(p -> p.contains(reason)), problems.toString());
    assertEquals(List.of(), problems(Definitions.completed(arch, machine, right)));
  }

  private static List<String> problems(String devices) {
    return problems(Definitions.completed("x86_64", "pc", devices));
  }

  private static List<String> problems(Draft draft) {
    return draft.problems().stream().filter(XmlProblem::refuses).map(XmlProblem::message).toList();
  }
}
