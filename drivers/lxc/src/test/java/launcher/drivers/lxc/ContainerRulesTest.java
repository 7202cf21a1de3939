package launcher.drivers.lxc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerRulesTest {
  private static String only(String text) {
    List<String> problems = Samples.problems(text);
    assertEquals(1, problems.size(), problems.toString());
    return problems.getFirst();
  }

  @Test
  void refusesLineBreaksInWhatBecomesALine() {
    String text = "<domain type='lxc'><name>a&#10;lxc.hook.start = /bin/evil</name></domain>";
    assertTrue(!Samples.problems(text).isEmpty());
    String environment =
        Samples.container("<os><initenv name='A'>x&#10;lxc.hook.start = /evil</initenv></os>");
    assertEquals(
        "c.xml:1:88: line breaks and control characters are not allowed in a container's values",
        only(environment));
  }

  @Test
  void quotesWhatLxcWouldStrip() {
    List<String> lines =
        Samples.configuration(
            Samples.container(
                "<devices><filesystem type='mount'><source dir='/a'/><target dir='/'/>"
                    + "</filesystem></devices><os><initenv name='X'>&quot;y&quot; </initenv></os>"));
    assertTrue(lines.contains("lxc.environment = \"X=\"y\" \""), lines.toString());
  }

  @Test
  void refusesNamesThatArePaths() {
    assertEquals(
        "c.xml:1:20: 'a/b' cannot be the name of a container",
        only("<domain type='lxc'><name>a/b</name></domain>"));
  }

  @Test
  void refusesMappingsWithoutRootOrWithOverlap() {
    assertTrue(
        only(Samples.container(
                "<idmap><uid start='1' target='100000' count='5'/>"
                    + "<gid start='0' target='100000' count='5'/></idmap>"))
            .endsWith("no <uid> starts at 0: the container would have no root"));
    assertTrue(
        only(Samples.container(
                "<idmap><uid start='0' target='100' count='5'/>"
                    + "<uid start='5' target='104' count='5'/>"
                    + "<gid start='0' target='100' count='5'/></idmap>"))
            .endsWith("the range overlaps that of line 1 in 'target'"));
  }

  @Test
  void refusesTheUnknownWithItsPlaceAndAll() {
    List<String> problems =
        Samples.problems(
            "<domain type='lxc'>\n <name>x</name>\n <bogus/>\n <vcpu cpuset='1'>0</vcpu></domain>");
    assertEquals(2, problems.size(), problems.toString());
    assertTrue(problems.getFirst().startsWith("c.xml:3:2: element 'bogus' not allowed"));
  }

  @Test
  void refusesLinksInAnothersNetwork() {
    String text =
        "<domain type='lxc' xmlns:lxc='http://libvirt.org/schemas/domain/lxc/1.0'><name>c1</name>"
            + "<devices><interface type='bridge'><source bridge='br0'/></interface></devices>"
            + "<lxc:namespace><lxc:sharenet type='name' value='red'/></lxc:namespace></domain>";
    assertTrue(
        only(text)
            .endsWith("a container that shares another's network cannot have links of its own"));
  }

  @Test
  void refusesAddressesThatAreNone() {
    String link =
        "<devices><interface type='ethernet'><ip address='10.0.0.300'/></interface></devices>";
    assertTrue(only(Samples.container(link)).endsWith("'10.0.0.300' is not an address of IPv4"));
  }

  @Test
  void refusesMountsThatLeadUpwards() {
    String mount =
        "<devices><filesystem type='mount'><source dir='/x'/><target dir='/a/../../etc'/>"
            + "</filesystem></devices>";
    assertTrue(only(Samples.container(mount)).endsWith("'/a/../../etc' leads upwards"));
  }
}
