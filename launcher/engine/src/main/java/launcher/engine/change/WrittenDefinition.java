package launcher.engine.change;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/**
 * The user's own text of a definition while it is changed. Each method changes as little of the
 * text as it can.
 */
public final class WrittenDefinition {
  private String text;

  /** Begins with a text that has been read before. */
  public WrittenDefinition(String text) {
    this.text = text;
  }

  /** The text as it is now. */
  public String text() {
    return text;
  }

  /** Adds a device. */
  public void addDevice(XmlElement device) {
    XmlText now = new XmlText(text);
    String xml = XmlWriter.write(device);
    text =
        now.root()
            .child("devices")
            .map(devices -> now.adding(devices, xml))
            .orElseGet(
                () -> now.adding(now.root(), "<devices>\n  " + xml.strip() + "\n</devices>"));
  }

  /**
   * Removes the n-th device of a name.
   *
   * @return whether it was written there
   */
  public boolean removeDevice(String name, int index) {
    return device(name, index)
        .map(device -> {
          text = new XmlText(text).without(device);
          return true;
        })
        .orElse(false);
  }

  /** Replaces the n-th device of a name, or adds it where the text has not so many. */
  public void replaceDevice(String name, int index, XmlElement device) {
    if (device(name, index).isPresent()) {
      change(domain -> replace(domain, name, index, device));
    } else {
      addDevice(device);
    }
  }

  private static void replace(XmlElement domain, String name, int index, XmlElement device) {
    XmlElement devices = domain.childOrAdd("devices");
    XmlElement old = devices.children(name).get(index);
    devices.insert(devices.children().indexOf(old), device.copy());
    old.detach();
  }

  /**
   * The place of a device of the completed definition among the written ones of its name, for the
   * methods below and above; -1 when completion added it.
   */
  public int place(XmlElement device) {
    List<XmlElement> same =
        XmlReader.read("guest.xml", text).childOrAdd("devices").children(device.name());
    return WrittenDevices.place(same, device);
  }

  /** How many devices of a name are written. */
  public int devices(String name) {
    return new XmlText(text).root().child("devices").map(d -> d.children(name).size()).orElse(0);
  }

  /** The n-th device of a name as a tree of its own. */
  public Optional<XmlElement> deviceTree(String name, int index) {
    // namespaces are declared further out, so the whole is read
    return device(name, index)
        .map(place -> XmlReader.read("guest.xml", text).childOrAdd("devices").children(name))
        .map(same -> same.get(index).copy());
  }

  private Optional<XmlText.Element> device(String name, int index) {
    List<XmlText.Element> same =
        new XmlText(text).root().child("devices").map(d -> d.children(name)).orElse(List.of());
    return index >= 0 && index < same.size() ? Optional.of(same.get(index)) : Optional.empty();
  }

  /** Sets the content of a child of the domain; {@code attributes} come in turn, name and value. */
  public void child(String name, String content, String... attributes) {
    attribute(name, "", Optional.empty());
    XmlText now = new XmlText(text);
    text = now.content(now.root().child(name).orElseThrow(), content);
    for (int i = 0; i + 1 < attributes.length; i += 2) {
      attribute(name, attributes[i], Optional.of(attributes[i + 1]));
    }
  }

  /** Sets or removes an attribute of a child of the domain, which is added when it is not there. */
  public void attribute(String child, String name, Optional<String> value) {
    XmlText before = new XmlText(text);
    if (before.root().child(child).isEmpty()) {
      text = before.adding(before.root(), "<" + child + "/>");
    }
    if (!name.isEmpty()) {
      XmlText now = new XmlText(text);
      text = now.attribute(now.root().child(child).orElseThrow(), name, value);
    }
  }

  /**
   * Sets the content of a child of a child of the domain, or removes it; {@code attributes} come in
   * turn, name and value.
   */
  public void inner(String child, String name, Optional<String> content, String... attributes) {
    if (content.isEmpty()) {
      XmlText now = new XmlText(text);
      now.root().child(child).flatMap(c -> c.child(name)).ifPresent(e -> text = now.without(e));
      return;
    }
    attribute(child, "", Optional.empty());
    XmlText before = new XmlText(text);
    XmlText.Element parent = before.root().child(child).orElseThrow();
    if (parent.child(name).isEmpty()) {
      text = before.adding(parent, "<" + name + "/>");
    }
    XmlText now = new XmlText(text);
    text = now.content(place(now, child, name), content.get());
    for (int i = 0; i + 1 < attributes.length; i += 2) {
      XmlText then = new XmlText(text);
      text =
          then.attribute(place(then, child, name), attributes[i], Optional.of(attributes[i + 1]));
    }
  }

  private static XmlText.Element place(XmlText now, String child, String name) {
    return now.root().child(child).flatMap(c -> c.child(name)).orElseThrow();
  }

  /** Removes a child of the domain. */
  public void removeChild(String name) {
    XmlText now = new XmlText(text);
    now.root().child(name).ifPresent(child -> text = now.without(child));
  }

  /** Changes its tree, and no more of the text than that takes. */
  public void change(Consumer<XmlElement> change) {
    text = MergedText.changed("guest.xml", text, change);
  }
}
