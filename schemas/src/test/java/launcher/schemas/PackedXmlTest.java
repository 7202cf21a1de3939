package launcher.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PackedXmlTest {
  private static final String DOCUMENT =
      """
      <domain type='kvm' xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'>
        <name>ünïcode 🐧 &lt;&amp;'"</name>
        <devices><disk/><disk type='file'><source file='/a b,c=d'/></disk></devices>
        <q:commandline><q:arg value='-x'/></q:commandline>
      </domain>
      """;

  @Test
  void whatIsPackedComesBackWithItsPlaces() {
    XmlElement tree = XmlReader.read("a.xml", DOCUMENT);
    XmlElement added = tree.childOrAdd("devices").add("controller").set("index", 200_000);
    added.add("address").set("empty", "");
    XmlElement back = PackedXml.of(tree).tree();
    assertEquals(XmlWriter.write(tree), XmlWriter.write(back));
    assertSame(tree, back);
    assertNotSame(PackedXml.of(tree).tree(), PackedXml.of(tree).tree());
  }

  private static void assertSame(XmlElement one, XmlElement other) {
    assertEquals(one.toString(), other.toString());
    assertEquals(
        List.of(one.line(), one.column(), one.written(), one.namespace(), one.prefix()),
        List.of(other.line(), other.column(), other.written(), other.namespace(), other.prefix()));
    assertEquals(one.attributes(), other.attributes());
    for (int i = 0; i < one.children().size(); i++) {
      assertSame(one.children().get(i), other.children().get(i));
    }
  }

  @Test
  void longTextsAndManyNamesComeBack() {
    XmlElement tree = XmlElement.of("root");
    for (int i = 0; i < 500; i++) {
      tree.add("name" + i).set("a" + i, "v".repeat(i * 10)).text("t".repeat(300 * (i % 3)));
    }
    assertEquals(XmlWriter.write(tree), XmlWriter.write(PackedXml.of(tree).tree()));
  }

  @Test
  void equalTreesArePackedEqual() {
    PackedXml one = PackedXml.of(XmlReader.read("a.xml", DOCUMENT));
    assertEquals(one, PackedXml.of(XmlReader.read("b.xml", DOCUMENT)));
    assertEquals(one.hashCode(), PackedXml.of(one.tree()).hashCode());
    assertNotEquals(one, PackedXml.of(XmlReader.read("a.xml", DOCUMENT.replace("kvm", "qemu"))));
    assertTrue(one.toString().endsWith(" bytes of XML"));
  }
}
