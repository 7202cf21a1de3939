package launcher.engine.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;

/** A changed tree leaves every byte alone that says nothing of the change. */
final class MergedTextTest {
  private static final String TEXT =
      """
      <?xml version="1.0"?>
      <!-- the lab's network -->
      <network>
        <name>lab</name>   <!-- as on the door -->
        <forward mode = "nat"/>
        <dns><host ip="10.1.0.5"><hostname>a</hostname></host></dns>
        <ip address='10.1.0.1' prefix='24'>
          <dhcp>
            <!-- printers -->
            <host mac="52:54:00:00:00:01" ip="10.1.0.11"/> <!-- ink -->
            <!-- people -->
            <host mac="52:54:00:00:00:02"
                  ip="10.1.0.12"/>
          </dhcp>
        </ip>
      </network>
      """;

  private static void gives(String expected, Consumer<XmlElement> change) {
    assertEquals(expected, MergedText.changed("lab.xml", TEXT, change));
  }

  private static XmlElement host(String last) {
    return XmlReader.read(
        "host.xml", "<host mac='52:54:00:00:00:0%s' ip='10.1.0.1%s'/>".formatted(last, last));
  }

  private static XmlElement dhcp(XmlElement network) {
    return network.at("ip/dhcp").orElseThrow();
  }

  @Test
  void nothingChangedIsTheSameText() {
    gives(TEXT, tree -> assertTrue(tree.child("name").isPresent()));
  }

  @Test
  void addsBehindTheLastOne() {
    gives(
        TEXT.replace(
            "ip=\"10.1.0.12\"/>\n",
            "ip=\"10.1.0.12\"/>\n      <host mac='52:54:00:00:00:03' ip='10.1.0.13'/>\n"),
        tree -> dhcp(tree).add(host("3")));
  }

  @Test
  void addsFirstAndBetween() {
    gives(
        TEXT.replace("<dhcp>\n", "<dhcp>\n      <host mac='52:54:00:00:00:03' ip='10.1.0.13'/>\n"),
        tree -> dhcp(tree).addFirst(host("3")));
    gives(
        TEXT.replace(
            "<!-- ink -->\n",
            "<!-- ink -->\n      <host mac='52:54:00:00:00:03' ip='10.1.0.13'/>\n"),
        tree -> dhcp(tree).insert(1, host("3")));
  }

  @Test
  void removesOneAndReplacesAnother() {
    gives(
        TEXT.replace(
                "<host mac=\"52:54:00:00:00:01\" ip=\"10.1.0.11\"/> <!-- ink -->",
                "<host mac='52:54:00:00:00:01' ip='10.1.0.21'/> <!-- ink -->")
            .replace("      <host mac=\"52:54:00:00:00:02\"\n            ip=\"10.1.0.12\"/>\n", ""),
        tree -> {
          dhcp(tree).children().getFirst().set("ip", "10.1.0.21");
          dhcp(tree).children().getLast().detach();
        });
  }

  @Test
  void staysOnOneLineWhereTheOthersDo() {
    gives(
        TEXT.replace("</host></dns>", "</host><txt name='a' value='&lt;b&gt;'/></dns>"),
        tree -> tree.childOrAdd("dns").add("txt").set("name", "a").set("value", "<b>"));
  }

  @Test
  void addsWhatWasNotThereAndTakesItAwayAgain() {
    String described =
        MergedText.changed(
            "lab.xml", TEXT, tree -> tree.childOrAdd("description").text("two\n  lines & more"));
    assertEquals(
        TEXT.replace(
            "\n</network>", "\n  <description>two\n  lines &amp; more</description>\n</network>"),
        described);
    assertEquals(
        TEXT,
        MergedText.changed(
            "lab.xml", described, tree -> tree.child("description").orElseThrow().detach()));
  }

  @Test
  void keepsNamespaces() {
    String put =
        MergedText.changed(
            "lab.xml",
            TEXT,
            tree -> tree.childOrAdd("metadata").add(XmlElement.of("urn:x", "x", "note")).add("in"));
    assertEquals(
        "urn:x", XmlReader.read("lab.xml", put).at("metadata/note").orElseThrow().namespace(), put);
    assertEquals(
        TEXT,
        MergedText.changed("lab.xml", put, tree -> tree.child("metadata").orElseThrow().detach()));
  }
}
