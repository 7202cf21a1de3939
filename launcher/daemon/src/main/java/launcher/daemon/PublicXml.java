package launcher.daemon;

import java.util.List;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/**
 * XML as everybody may see it who may look: without the passwords of displays and the cookies of
 * HTTP disks, which libvirt shows to {@code --security-info} only.
 */
final class PublicXml {
  /** How the wish for secrets is called in a refusal. */
  static final String WITH_SECRETS = "XML with passwords";

  private PublicXml() {}

  /**
   * The text for this call: as it is for a manager who asked for {@code secrets}.
   *
   * @throws launcher.control.ControlException when somebody else asks for them
   */
  static String of(Call call, String xml) {
    if (call.arguments().isTrue("secrets")) {
      call.requireManager(WITH_SECRETS);
      return xml;
    }
    return of(XmlReader.read("the daemon", xml));
  }

  /** The same of a tree, from which the secrets are taken where they are not shown. */
  static String of(Call call, XmlElement tree) {
    if (call.arguments().isTrue("secrets")) {
      call.requireManager(WITH_SECRETS);
      return XmlWriter.write(tree);
    }
    return of(tree);
  }

  /** The text of a tree, from which the secrets are taken. */
  static String of(XmlElement tree) {
    hide(tree);
    return XmlWriter.write(tree);
  }

  // wherever they are: a snapshot's XML has whole domains in it, a disk its backing chain
  private static void hide(XmlElement element) {
    switch (element.name()) {
      case "graphics" -> {
        element.unset("passwd");
        element.unset("passwdValidTo");
      }
      case "cookies" -> {
        element.detach();
        return;
      }
      default -> {
        // no secret of its own
      }
    }
    // a copy: what is detached leaves the list
    List.copyOf(element.children()).forEach(PublicXml::hide);
  }
}
