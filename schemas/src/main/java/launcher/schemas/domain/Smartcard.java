package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code <smartcard>}: a card in a USB reader. */
public final class Smartcard extends CharDevice {
  @XmlAttribute private @Nullable String mode;

  @XmlElement(name = "certificate")
  private final List<String> certificates = new ArrayList<>();

  @XmlElement private @Nullable String database;

  private Smartcard() {}

  /** Where the card comes from: {@code host}, {@code host-certificates} or {@code passthrough}. */
  public String mode() {
    return mode == null ? "" : mode;
  }

  /** Names of the three certificates of an emulated card. */
  public List<String> certificates() {
    return certificates.stream().map(String::strip).toList();
  }

  /** Folder of the certificates' database. */
  public Optional<String> database() {
    return Optional.ofNullable(database);
  }
}
