package launcher.engine.change;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document's text with the places of its elements, so that a small change leaves every other byte
 * alone: comments, order, indentation. Only for text that {@link launcher.schemas.XmlReader} has
 * read, which takes neither entities nor document types.
 */
public final class XmlText {
  private static final String STEP = "  ";

  /** A line break that means nothing, unlike one within a text. */
  private static final Pattern BETWEEN_TAGS = Pattern.compile("(?<=>)\\n(?=[ \\t]*<)");

  private final String text;
  private final Element root;

  /** The places in a well-formed text. */
  public XmlText(String text) {
    this.text = text;
    root = new Scan(text).run();
  }

  /**
   * An element's place, in characters.
   *
   * @param name as written, with its prefix
   * @param begin of its first tag
   * @param opened behind its first tag
   * @param closing of its last tag; {@code opened} for an empty one
   * @param end behind it
   * @param children in their order; filled while it is scanned
   */
  public record Element(
      String name, int begin, int opened, int closing, int end, List<Element> children) {
    /** The first child of that name. */
    public Optional<Element> child(String wanted) {
      return children.stream().filter(c -> c.name().equals(wanted)).findFirst();
    }

    /** All children of that name. */
    public List<Element> children(String wanted) {
      return children.stream().filter(c -> c.name().equals(wanted)).toList();
    }

    private boolean empty() {
      return opened == end;
    }
  }

  /** The document's element. */
  public Element root() {
    return root;
  }

  /** What stands in the document at an element, its tags included. */
  public String of(Element element) {
    return text.substring(element.begin(), element.end());
  }

  /** The text with an element added as the last child of another. */
  public String adding(Element parent, String xml) {
    String outer = indentation(parent.begin());
    String inner =
        parent.children().isEmpty()
            ? outer + STEP
            : indentation(parent.children().getLast().begin());
    String added = indented(xml, inner);
    if (parent.empty()) {
      String head = text.substring(parent.begin(), parent.end());
      String open = head.substring(0, head.lastIndexOf('/')).stripTrailing() + ">";
      String whole = open + "\n" + inner + added + "\n" + outer + "</" + parent.name() + ">";
      return text.substring(0, parent.begin()) + whole + text.substring(parent.end());
    }
    int at = parent.closing();
    while (at > parent.opened() && Character.isWhitespace(text.charAt(at - 1))) {
      at--;
    }
    String rest = text.substring(at, parent.closing());
    String end = rest.contains("\n") ? rest : "\n" + outer;
    return text.substring(0, at) + "\n" + inner + added + end + text.substring(parent.closing());
  }

  /**
   * The text with an element added among the children of another. It follows the one before it, so
   * that a comment above the one behind it stays with that one.
   *
   * @param index how many children are before it
   */
  public String inserting(Element parent, int index, String xml) {
    List<Element> children = parent.children();
    if (children.isEmpty()) {
      return adding(parent, xml);
    }
    boolean lines = text.substring(parent.opened(), children.getFirst().begin()).contains("\n");
    int at = index == 0 ? parent.opened() : children.get(index - 1).end();
    if (!lines) {
      return text.substring(0, at) + xml.strip() + text.substring(at);
    }
    at = behindRemarks(at);
    String inner = indentation(children.get(Math.max(0, index - 1)).begin());
    return text.substring(0, at) + "\n" + inner + indented(xml, inner) + text.substring(at);
  }

  /** Behind the comments that begin on the same line, which are about what is before them. */
  private int behindRemarks(int place) {
    int at = place;
    while (true) {
      int next = at;
      while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
        next++;
      }
      if (!text.startsWith("<!--", next)) {
        return at;
      }
      at = text.indexOf("-->", next + 4) + 3;
    }
  }

  /** The text without an element, and without the line it alone stood on. */
  public String without(Element element) {
    int begin = element.begin();
    while (begin > 0 && (text.charAt(begin - 1) == ' ' || text.charAt(begin - 1) == '\t')) {
      begin--;
    }
    boolean lineBegins = begin > 0 && text.charAt(begin - 1) == '\n';
    boolean lineEnds = element.end() < text.length() && text.charAt(element.end()) == '\n';
    return lineBegins && lineEnds
        ? text.substring(0, begin) + text.substring(element.end() + 1)
        : text.substring(0, element.begin()) + text.substring(element.end());
  }

  /** The text with another element in the place of one. */
  public String replacing(Element element, String xml) {
    return text.substring(0, element.begin())
        + indented(xml, indentation(element.begin()))
        + text.substring(element.end());
  }

  /** The text with the content of an element replaced; its attributes stay. */
  public String content(Element element, String content) {
    String words = escaped(content);
    if (!element.empty()) {
      return text.substring(0, element.opened()) + words + text.substring(element.closing());
    }
    String head = text.substring(element.begin(), element.end());
    String open = head.substring(0, head.lastIndexOf('/')).stripTrailing() + ">";
    return text.substring(0, element.begin())
        + open
        + words
        + "</"
        + element.name()
        + ">"
        + text.substring(element.end());
  }

  /** The text with an attribute of an element set, or taken away where there is no value. */
  public String attribute(Element element, String name, Optional<String> value) {
    String head = text.substring(element.begin(), element.opened());
    Matcher found =
        Pattern.compile("\\s+" + Pattern.quote(name) + "\\s*=\\s*(\"[^\"]*\"|'[^']*')")
            .matcher(head);
    String words = value.map(v -> " " + name + "='" + quoted(v) + "'").orElse("");
    String changed;
    if (found.find()) {
      changed = head.substring(0, found.start()) + words + head.substring(found.end());
    } else {
      int at = 1 + element.name().length();
      changed = head.substring(0, at) + words + head.substring(at);
    }
    return text.substring(0, element.begin()) + changed + text.substring(element.opened());
  }

  /** What stands between the line's begin and a place, if that is blank. */
  private String indentation(int place) {
    int begin = text.lastIndexOf('\n', place - 1) + 1;
    String before = text.substring(begin, place);
    return before.isBlank() ? before : "";
  }

  private static String indented(String xml, String indentation) {
    return BETWEEN_TAGS.matcher(xml.strip()).replaceAll("\n" + indentation);
  }

  /** A text as it is written between tags. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** A text as it is written in an attribute, whatever its quotes. */
  public static String quoted(String text) {
    return escaped(text)
        .replace("'", "&apos;")
        .replace("\"", "&quot;")
        .replace("\n", "&#10;")
        .replace("\t", "&#9;");
  }

  /** Goes through the text once. */
  private static final class Scan {
    private final String text;
    private int at;

    Scan(String text) {
      this.text = text;
    }

    Element run() {
      skipToTag();
      return element();
    }

    // comments, instructions and white space; inside an element also its text
    private void skipToTag() {
      while (true) {
        at = require(text.indexOf('<', at));
        if (text.startsWith("<!--", at)) {
          at = require(text.indexOf("-->", at + 4)) + 3;
        } else if (text.startsWith("<![CDATA[", at)) {
          at = require(text.indexOf("]]>", at)) + 3;
        } else if (text.startsWith("<?", at)) {
          at = require(text.indexOf("?>", at)) + 2;
        } else {
          return;
        }
      }
    }

    private Element element() {
      int begin = at;
      int nameEnd = begin + 1;
      while (!Character.isWhitespace(text.charAt(nameEnd))
          && text.charAt(nameEnd) != '>'
          && text.charAt(nameEnd) != '/') {
        nameEnd++;
      }
      String name = text.substring(begin + 1, nameEnd);
      at = nameEnd;
      tagEnd();
      int opened = at;
      List<Element> children = new ArrayList<>();
      if (text.charAt(opened - 2) == '/') {
        return new Element(name, begin, opened, opened, opened, children);
      }
      skipToTag();
      while (!text.startsWith("</", at)) {
        children.add(element());
        skipToTag();
      }
      int closing = at;
      at = require(text.indexOf('>', at)) + 1;
      return new Element(name, begin, opened, closing, at, children);
    }

    // a '>' may stand inside a quoted value
    private void tagEnd() {
      char quote = 0;
      while (quote != 0 || text.charAt(at) != '>') {
        char c = text.charAt(at);
        if (quote == 0 && (c == '"' || c == '\'')) {
          quote = c;
        } else if (c == quote) {
          quote = 0;
        }
        at++;
      }
      at++;
    }

    private static int require(int place) {
      if (place < 0) {
        throw new IllegalArgumentException("the text is not well-formed XML");
      }
      return place;
    }
  }
}
