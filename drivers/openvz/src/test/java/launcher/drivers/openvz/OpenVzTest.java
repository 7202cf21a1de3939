package launcher.drivers.openvz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.container.ContainerSchema;
import launcher.spawn.CommandSpec;
import org.junit.jupiter.api.Test;

class OpenVzTest {
  private static final String XML =
      """
      <domain type='openvz'>
        <name>101</name>
        <memory unit='MiB'>256</memory>
        <memtune><soft_limit unit='MiB'>128</soft_limit></memtune>
        <vcpu>2</vcpu>
        <devices>
          <filesystem type='template'>
            <source name='debian-12-x86_64'/><target dir='/'/>
            <space_hard_limit unit='KiB'>2000</space_hard_limit>
            <space_soft_limit unit='KiB'>1000</space_soft_limit>
          </filesystem>
          <interface type='bridge'>
            <source bridge='vmbr0'/><mac address='00:18:51:c1:05:ee'/>
          </interface>
          <interface type='ethernet'><ip address='10.0.0.7'/></interface>
        </devices>
      </domain>
      """;

  private static XmlElement domain(String xml) {
    XmlElement domain = XmlReader.read("101.xml", xml);
    assertEquals(List.of(), ContainerSchema.check("101.xml", domain));
    return domain;
  }

  private static List<String> lines(List<CommandSpec> commands) {
    return commands.stream().map(c -> c.program() + " " + String.join(" ", c.words())).toList();
  }

  @Test
  void definesInTheOrderOfItsParts() {
    assertEquals(
        List.of(
            "vzctl --quiet create 101 --name 101 --ostemplate debian-12-x86_64",
            "vzctl --quiet set 101 --diskspace 1000:2000 --save",
            "vzctl --quiet set 101 --netif_add eth0,00:18:51:c1:05:ee,veth101.0,,vmbr0 --save",
            "vzctl --quiet set 101 --ipadd 10.0.0.7 --save",
            "vzctl --quiet set 101 --cpus 2 --save",
            "vzctl --quiet set 101 --privvmpages 32768:65536 --save"),
        lines(OpenVzDefinition.plan(domain(XML))));
  }

  @Test
  void changesOnlyWhatIsOtherwise() {
    String changed =
        XML.replace("<vcpu>2</vcpu>", "<vcpu>3</vcpu>")
            .replace("10.0.0.7", "10.0.0.8")
            .replace("vmbr0", "vmbr1");
    assertEquals(List.of(), OpenVzDefinition.change(domain(XML), domain(XML)));
    assertEquals(
        List.of(
            "vzctl --quiet set 101 --netif_del eth0 --save",
            "vzctl --quiet set 101 --ipdel 10.0.0.7 --save",
            "vzctl --quiet set 101 --netif_add eth0,00:18:51:c1:05:ee,veth101.0,,vmbr1 --save",
            "vzctl --quiet set 101 --ipadd 10.0.0.8 --save",
            "vzctl --quiet set 101 --cpus 3 --save"),
        lines(OpenVzDefinition.change(domain(XML), domain(changed))));
    String other = XML.replace("debian-12", "debian-11");
    assertThrows(
        IllegalArgumentException.class, () -> OpenVzDefinition.change(domain(XML), domain(other)));
  }

  @Test
  void saysEachActInVzctlsWords() {
    Vzctl container = Vzctl.of(domain(XML));
    assertEquals(
        List.of(
            "vzctl --quiet start 101",
            "vzctl --quiet stop 101",
            "vzctl --quiet stop 101 --fast",
            "vzctl --quiet restart 101",
            "vzctl --quiet chkpnt 101 --suspend",
            "vzctl --quiet chkpnt 101 --resume",
            "vzctl --quiet set 101 --onboot yes --save",
            // libvirt says "start destroy" here, and removes nothing
            "vzctl --quiet destroy 101",
            "vzlist -a -o ctid,status -H"),
        lines(
            List.of(
                container.start(),
                container.stop(),
                container.kill(),
                container.restart(),
                container.suspend(),
                container.resume(),
                container.startsWithHost(true),
                container.destroy(),
                Vzctl.list())));
  }

  @Test
  void refusesWhatOpenVzCannotHave() {
    assertThrows(IllegalArgumentException.class, () -> new Vzctl("web1"));
    assertThrows(IllegalArgumentException.class, () -> new Vzctl("1;reboot"));
    String hostile = XML.replace("debian-12-x86_64", "$(reboot)");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> OpenVzDefinition.plan(domain(hostile)));
    assertEquals("'$(reboot)' cannot be a value of OpenVZ's files", refused.getMessage());
    String soft = XML.replaceAll("<space_hard_limit.*hard_limit>", "");
    assertThrows(IllegalArgumentException.class, () -> OpenVzDefinition.plan(domain(soft)));
  }

  @Test
  void readsConfigurationFiles() {
    OpenVzConfiguration read =
        OpenVzConfiguration.read(
            "101",
            """
            # a comment
            ONBOOT="no"
            ONBOOT="yes"
            CPUS="3"
            PRIVVMPAGES="32768:65536"
            VMGUARPAGES="100:9223372036854775807"
            DISKSPACE="1000:2000"
            VE_PRIVATE="/vz/private/$VEID"
            IP_ADDRESS="10.0.0.7 10.0.0.8"
            NETIF="ifname=eth0,bridge=vmbr0,mac=00:18:51:C1:05:EE,host_ifname=veth101.0"
            #UUID: c7a5fdbd-edaf-9455-926a-d65c16db1809
            """);
    assertTrue(read.startsWithHost(), "the last one wins");
    XmlElement domain = read.domain();
    assertEquals(List.of(), ContainerSchema.check("101.conf", domain));
    assertEquals("c7a5fdbd-edaf-9455-926a-d65c16db1809", domain.value("uuid", ""));
    assertEquals("262144", domain.value("memtune/hard_limit", ""));
    assertEquals("400", domain.value("memtune/min_guarantee", ""));
    assertEquals("/vz/private/101", domain.value("devices/filesystem/source/@dir", ""));
    List<XmlElement> links = domain.child("devices").orElseThrow().children("interface");
    assertEquals(3, links.size());
    assertEquals("10.0.0.8", links.get(1).value("ip/@address", ""));
    assertEquals("vmbr0", links.get(2).value("source/@bridge", ""));
    assertEquals("veth101.0", links.get(2).value("target/@dev", ""));
  }

  /** As vzctl 4 writes them: with units, memory and swap apart, remarks, other quotes. */
  @Test
  void readsConfigurationFilesOfLaterVersions() {
    XmlElement domain =
        OpenVzConfiguration.read(
                "102",
                """
                # RAM
                PHYSPAGES="0:512M"
                SWAPPAGES="0:1G"
                PRIVVMPAGES="unlimited"
                DISKSPACE="2G:2.5G" # quota
                OSTEMPLATE='centos-6-x86_64'
                IP_ADDRESS="10.0.0.7/24 2001:db8::7"
                CPUS=4
                ONBOOT=yes
                KMEMSIZE="9223372036854775807"
                """)
            .domain();
    assertEquals("524288", domain.value("memory", ""));
    assertEquals("524288", domain.value("memtune/hard_limit", ""));
    assertEquals("1572864", domain.value("memtune/swap_hard_limit", ""));
    assertEquals("", domain.value("memtune/soft_limit", ""));
    assertEquals("2621440", domain.value("devices/filesystem/space_hard_limit", ""));
    assertEquals("2097152", domain.value("devices/filesystem/space_soft_limit", ""));
    assertEquals("centos-6-x86_64", domain.value("devices/filesystem/source/@name", ""));
    assertEquals("4", domain.value("vcpu", ""));
    List<XmlElement> links = domain.childOrAdd("devices").children("interface");
    assertEquals("24", links.getFirst().value("ip/@prefix", ""));
    assertEquals("2001:db8::7", links.getLast().value("ip/@address", ""));
    assertEquals(List.of(), ContainerSchema.check("102.conf", domain));
  }
}
