package launcher.engine.secret;

import java.util.Optional;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlWriter;

/**
 * What a secret is for (libvirt, formatsecret); its value is not in here.
 *
 * @param uuid its UUID
 * @param ephemeral whether its value is forgotten when the host goes down
 * @param confidential whether its value is shown to nobody ({@code private='yes'})
 * @param usage what uses it: {@code none}, {@code volume}, {@code ceph}, {@code iscsi}, {@code tls}
 *     or {@code vtpm}
 * @param use which of those uses it: a path, a name, a target; empty for {@code none}
 * @param description a person's words, empty when there are none
 */
public record Secret(
    String uuid,
    boolean ephemeral,
    boolean confidential,
    String usage,
    String use,
    String description) {

  /** Reads one that has been checked. */
  static Secret of(XmlElement tree, String uuid) {
    String usage = tree.value("usage/@type", "none");
    String use =
        switch (usage) {
          case "volume" -> tree.value("usage/volume", "");
          case "iscsi" -> tree.value("usage/target", "");
          default -> tree.value("usage/name", "");
        };
    return new Secret(
        uuid,
        tree.is("ephemeral", "yes"),
        tree.is("private", "yes"),
        usage,
        use,
        tree.value("description", ""));
  }

  /** Whether a domain's {@code <secret type= usage=>} means it. */
  boolean serves(String type, String wanted) {
    // a disk's passphrase is the secret of its volume
    String kind = type.equals("passphrase") ? "volume" : type;
    return usage.equals(kind) && use.equals(wanted);
  }

  /** Its XML as libvirt writes it. */
  public String xml() {
    XmlElement root = XmlElement.of("secret");
    root.set("ephemeral", ephemeral ? "yes" : "no").set("private", confidential ? "yes" : "no");
    root.add("uuid").text(uuid);
    Optional.of(description)
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> root.add("description").text(text));
    if (!usage.equals("none")) {
      String member =
          switch (usage) {
            case "volume" -> "volume";
            case "iscsi" -> "target";
            default -> "name";
          };
      root.add("usage").set("type", usage).add(member).text(use);
    }
    return XmlWriter.write(root);
  }
}
