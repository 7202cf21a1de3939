package launcher.daemon;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import launcher.control.ControlException;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The parts of XML that an XPath expression finds, for who asks for no more. */
final class XmlParts {
  private XmlParts() {}

  /** The whole text, or what the call's {@code xpath} finds in it. */
  static String of(Members said, String xml) {
    return said.findText("xpath")
        .map(expression -> found(expression, said.isTrue("wrap"), xml))
        .orElse(xml);
  }

  private static String found(String expression, boolean wrap, String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      Document document =
          factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
      NodeList nodes =
          (NodeList)
              XPathFactory.newDefaultInstance()
                  .newXPath()
                  .evaluate(expression, document, XPathConstants.NODESET);
      if (nodes.getLength() == 0) {
        throw new ControlException(Outcome.NOT_FOUND, "'" + expression + "' finds nothing");
      }
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < nodes.getLength(); i++) {
        text.append(text(nodes.item(i))).append('\n');
      }
      return wrap ? "<nodes>\n" + text + "</nodes>\n" : text.toString();
    } catch (XPathExpressionException e) {
      throw new ControlException(
          Outcome.USAGE, "'" + expression + "' is no XPath expression for nodes", e);
    } catch (ParserConfigurationException | SAXException | TransformerException e) {
      throw new IllegalStateException("XML of our own cannot be searched", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Node node) throws TransformerException {
    if (node.getNodeType() == Node.ATTRIBUTE_NODE) {
      return node.getNodeName() + "=\"" + node.getNodeValue().replace("\"", "&quot;") + "\"";
    }
    Transformer writer = TransformerFactory.newDefaultInstance().newTransformer();
    writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    StringWriter text = new StringWriter();
    writer.transform(new DOMSource(node), new StreamResult(text));
    return text.toString();
  }
}
