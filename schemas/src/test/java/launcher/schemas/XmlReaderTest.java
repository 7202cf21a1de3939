package launcher.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class XmlReaderTest {
  @Test
  void tellsWhereAnElementBegins() {
    XmlElement root =
        XmlReader.read("t", "<?xml version='1.0'?>\n<a>\n  <b x='1'\n     y='2'/><c/>\n</a>");
    XmlElement b = root.child("b").orElseThrow();
    XmlElement c = root.child("c").orElseThrow();
    assertEquals("3:3", b.line() + ":" + b.column());
    assertEquals("4:13", c.line() + ":" + c.column());
    assertEquals(1, XmlReader.read("t", "<a/>").column());
  }

  @Test
  void refusesDocumentTypesSoThatNoEntityIsEverRead() {
    String text = "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>";
    XmlException refused = assertThrows(XmlException.class, () -> XmlReader.read("t", text));
    assertTrue(refused.getMessage().startsWith("t:1:"), refused.getMessage());
  }

  @Test
  void refusesEntitiesThatAreNotXmlsOwn() {
    assertThrows(XmlException.class, () -> XmlReader.read("t", "<a>&lol;</a>"));
    assertEquals("<&>", XmlReader.read("t", "<a>&lt;&amp;&gt;</a>").text());
  }

  @Test
  void refusesDeepNesting() {
    String text = "<a>".repeat(XmlReader.MAX_DEPTH + 1) + "</a>".repeat(XmlReader.MAX_DEPTH + 1);
    XmlException refused = assertThrows(XmlException.class, () -> XmlReader.read("t", text));
    assertTrue(refused.getMessage().contains("nested deeper than 100"), refused.getMessage());
  }

  @Test
  void refusesHugeDocuments() {
    String text = "<a>" + " ".repeat(XmlReader.MAX_SIZE) + "</a>";
    XmlException refused = assertThrows(XmlException.class, () -> XmlReader.read("t", text));
    assertEquals("t: document is larger than 4 MiB", refused.getMessage());
  }

  /** Each is read in a moment; work that grows with the square of a document takes minutes. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void readsTextInManyPiecesAndVeryManyChildren() {
    int pieces = 500_000;
    assertEquals(
        pieces, XmlReader.read("t", "<a>" + "x<!---->".repeat(pieces) + "</a>").text().length());
    int children = 99_000;
    XmlElement wide = XmlReader.read("t", "<a>" + "<b/>\n".repeat(children) + "</a>");
    assertEquals(children, wide.children().size());
    assertEquals("", wide.text());
  }

  @Test
  void refusesMoreElementsThanAnybodyNeeds() {
    String text = "<a>" + "<b c='d'/>".repeat(XmlReader.MAX_NODES / 2) + "</a>";
    XmlException refused = assertThrows(XmlException.class, () -> XmlReader.read("t", text));
    assertTrue(
        refused.getMessage().endsWith("document has more than 100000 elements"),
        refused.getMessage());
  }

  @Test
  void keepsTextAroundCommentsAndDropsBlanksAroundElements() {
    XmlElement root = XmlReader.read("t", "<a> <b> x <!-- y --> z<![CDATA[<]]> </b> w </a>");
    assertEquals(" x  z< ", root.child("b").orElseThrow().text());
    assertEquals("w", root.text());
    assertEquals("", XmlReader.read("t", "<a> <!-- b --> </a>").text());
  }

  @Test
  void tellsThePlaceOfBrokenText() {
    XmlException refused =
        assertThrows(XmlException.class, () -> XmlReader.read("g.xml", "<a>\n  <b>\n</a>"));
    XmlProblem problem = refused.problems().get(0);
    assertEquals(3, problem.line());
    assertTrue(problem.message().startsWith("not well-formed: "), problem.message());
  }

  @Test
  void keepsHostileTextThroughWriterAndReader() {
    String hostile = "a\nb\t'\"<>&,= () { :;}; echo vulnerable";
    XmlElement root = XmlElement.of("a").set("x", hostile).text(hostile);
    XmlElement back = XmlReader.read("t", XmlWriter.write(root));
    assertEquals(hostile, back.attribute("x", ""));
    assertEquals(hostile, back.text());
  }

  @Test
  void writesNameSpacesWhereTheyAreNeeded() {
    String text = "<a><q:b xmlns:q='urn:q' z='1'><q:c/></q:b></a>";
    String written = XmlWriter.write(XmlReader.read("t", text));
    assertEquals("<a>\n  <q:b xmlns:q='urn:q' z='1'>\n    <q:c/>\n  </q:b>\n</a>\n", written);
  }
}
