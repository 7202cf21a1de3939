package launcher.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import launcher.schemas.domain.DomainSchema;
import org.junit.jupiter.api.Test;

class XmlSchemaTest {
  private static List<String> problems(String text) {
    return DomainSchema.check("guest.xml", XmlReader.read("guest.xml", text)).stream()
        .map(XmlProblem::toString)
        .toList();
  }

  @Test
  void reportsAllProblemsAtOnceWithTheirPlaces() {
    List<String> problems =
        problems(
            """
            <domain type='kvm'>
              <name>x</name>
              <memory unit='KiB'>1024</memory>
              <vcpu placment='static'>two</vcpu>
              <os><type arch='x86_64'>hvm</type><boot dev='hdd'/></os>
              <features><apci/></features>
            </domain>
            """);
    assertEquals(4, problems.size(), problems.toString());
    assertEquals(
        "guest.xml:4:3: attribute 'placment' not allowed here; expected attribute 'cpuset',"
            + " 'current' or 'placement' (did you mean 'placement'?)",
        problems.get(0));
    assertEquals(
        "guest.xml:4:3: invalid text 'two' in element 'vcpu'; must be an integer", problems.get(1));
    assertEquals(
        "guest.xml:5:37: invalid value 'hdd' of attribute 'dev' in element 'boot'; must be equal to"
            + " 'cdrom', 'fd', 'hd' or 'network' (did you mean 'hd'?)",
        problems.get(2));
    assertTrue(problems.get(3).startsWith("guest.xml:6:13: element 'apci' not allowed here;"));
    assertTrue(problems.get(3).endsWith("(did you mean 'acpi'?)"), problems.get(3));
  }

  @Test
  void aThousandProblemsAreEnough() {
    List<String> problems =
        problems("<domain type='kvm'><name>x</name>" + "<bogus/>".repeat(5000) + "</domain>");
    assertEquals(1001, problems.size());
    assertTrue(
        problems.getLast().endsWith("there are more problems: these are the first 1000"),
        problems.getLast());
  }

  @Test
  void aGiantValueIsNotSaidInFull() {
    List<String> problems =
        problems("<domain type='" + "x".repeat(1_000_000) + "'><name>x</name></domain>");
    assertTrue(problems.getFirst().length() < 3000, "" + problems.getFirst().length());
  }

  /** Beyond 64 bits nothing can be read, and what cannot be read would count as not said. */
  @Test
  void numbersHaveAtMost64Bits() {
    for (String slot :
        List.of("18446744073709551615", "0xffffffffffffffff", " 0x00000000000000000007 ")) {
      assertEquals(List.of(), problems(numbers("1", slot)), slot);
    }
    for (String slot : List.of("18446744073709551616", "0x1ffffffffffffffff")) {
      assertEquals(1, problems(numbers("1", slot)).size(), slot);
    }
    assertEquals(1, problems(numbers("99999999999999999999", "1")).size());
  }

  private static String numbers(String vcpus, String slot) {
    return "<domain type='kvm'><name>x</name><memory>1024</memory><vcpu>"
        + vcpus
        + "</vcpu><os><type>hvm</type></os><devices><input type='tablet' bus='virtio'>"
        + "<address type='pci' slot='"
        + slot
        + "'/></input></devices></domain>";
  }

  @Test
  void acceptsElementsOfOtherNameSpaces() {
    assertEquals(
        List.of(),
        problems(
            "<domain type='kvm'><name>x</name><tool:note xmlns:tool='urn:t'><deep/></tool:note>"
                + "</domain>"));
  }
}
