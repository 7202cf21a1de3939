package launcher.schemas;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A tree of elements as one array of bytes, places included: about a tenth of the memory of the
 * tree. For those who keep many and look at few.
 */
public final class PackedXml {
  private final byte[] bytes;

  private PackedXml(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Packs a tree, which stays the caller's. */
  public static PackedXml of(XmlElement root) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      new Packer(out).element(root);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return new PackedXml(bytes.toByteArray());
  }

  /** The tree, anew with each call. */
  public XmlElement tree() {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return new Unpacker(in).element();
    } catch (IOException e) {
      throw new UncheckedIOException("a packed tree is cut off", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PackedXml packed && Arrays.equals(bytes, packed.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes of XML";
  }

  /** A text that was there before is its number, so that names cost two bytes each. */
  private static final class Packer {
    private final DataOutputStream out;
    private final Map<String, Integer> known = new HashMap<>();

    Packer(DataOutputStream out) {
      this.out = out;
    }

    void element(XmlElement element) throws IOException {
      text(element.namespace());
      text(element.prefix());
      text(element.name());
      number(element.written() ? element.line() : 0);
      number(element.written() ? element.column() : 0);
      text(element.text());
      number(element.attributes().size());
      for (XmlAttribute attribute : element.attributes()) {
        text(attribute.namespace());
        text(attribute.prefix());
        text(attribute.name());
        text(attribute.value());
      }
      number(element.children().size());
      for (XmlElement child : element.children()) {
        element(child);
      }
    }

    private void text(String text) throws IOException {
      Integer number = known.putIfAbsent(text, known.size() + 1);
      number(number == null ? 0 : number);
      if (number == null) {
        byte[] utf = text.getBytes(StandardCharsets.UTF_8);
        number(utf.length);
        out.write(utf);
      }
    }

    // seven bits a byte, the lowest first, the highest bit says that more follow
    private void number(int number) throws IOException {
      int rest = number;
      while (rest > 0x7f) {
        out.write(rest & 0x7f | 0x80);
        rest >>>= 7;
      }
      out.write(rest);
    }
  }

  private static final class Unpacker {
    private final DataInputStream in;
    private final Map<Integer, String> known = new HashMap<>();

    Unpacker(DataInputStream in) {
      this.in = in;
    }

    XmlElement element() throws IOException {
      String namespace = text();
      String prefix = text();
      String name = text();
      int line = number();
      int column = number();
      XmlElement element = new XmlElement(namespace, prefix, name, line, column);
      element.text(text());
      for (int left = number(); left > 0; left--) {
        element.addAttribute(new XmlAttribute(text(), text(), text(), text()));
      }
      for (int left = number(); left > 0; left--) {
        element.add(element());
      }
      return element;
    }

    private String text() throws IOException {
      int number = number();
      if (number > 0) {
        return known.getOrDefault(number, "");
      }
      byte[] utf = in.readNBytes(number());
      String text = new String(utf, StandardCharsets.UTF_8);
      known.put(known.size() + 1, text);
      return text;
    }

    private int number() throws IOException {
      int number = 0;
      int shift = 0;
      int part;
      do {
        part = in.readUnsignedByte();
        number |= (part & 0x7f) << shift;
        shift += 7;
      } while (part > 0x7f);
      return number;
    }
  }
}
