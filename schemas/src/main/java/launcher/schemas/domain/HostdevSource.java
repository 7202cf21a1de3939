package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** The raw {@code <source>} of a host device. */
final class HostdevSource extends ModelElement {
  @XmlAttribute private @Nullable String protocol;
  @XmlAttribute private @Nullable String name;
  @XmlAttribute private @Nullable String wwpn;
  @XmlAttribute private @Nullable String guestReset;
  @XmlElement private @Nullable AddressElement address;
  @XmlElement private @Nullable Id vendor;
  @XmlElement private @Nullable Id product;
  @XmlElement private @Nullable Id adapter;

  @XmlElement(name = "host")
  private final List<SourceElement.HostElement> hosts = new ArrayList<>();

  @XmlElement private @Nullable StorageAuth auth;
  @XmlElement private SourceElement.@Nullable Initiator initiator;

  private HostdevSource() {}

  static HostdevSource none() {
    return new HostdevSource();
  }

  HostdevBackend typed(String type, String model) {
    return switch (type) {
      case "pci" -> new HostdevBackend.Pci(pci());
      case "usb" ->
          new HostdevBackend.Usb(
              Id.number(vendor),
              Id.number(product),
              part("bus"),
              part("device"),
              Optional.ofNullable(guestReset));
      case "scsi" -> "iscsi".equals(protocol) ? iscsi() : scsi();
      case "scsi_host" -> new HostdevBackend.VhostScsi(wwpn == null ? "" : wwpn);
      case "mdev" -> new HostdevBackend.Mediated(model, place("uuid"));
      default -> new HostdevBackend.Other(type);
    };
  }

  private HostdevBackend scsi() {
    return new HostdevBackend.Scsi(
        adapter == null || adapter.name == null ? "" : adapter.name,
        part("bus").orElse(0),
        part("target").orElse(0),
        Numbers.parse(place("unit")).orElse(0));
  }

  private HostdevBackend iscsi() {
    StorageSource.Options options =
        new StorageSource.Options(
            Optional.empty(),
            Optional.empty(),
            Optional.ofNullable(initiator).flatMap(SourceElement.Initiator::qualifiedName),
            List.of(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    StorageSource source =
        new StorageSource.Network(
            "iscsi",
            Optional.ofNullable(name),
            Optional.empty(),
            hosts.stream().map(SourceElement.HostElement::typed).toList(),
            Optional.empty(),
            Optional.empty(),
            options);
    return new HostdevBackend.Iscsi(
        new Image(
            "raw",
            source,
            new Image.Below.End(),
            Optional.empty(),
            Optional.ofNullable(auth),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            element()));
  }

  private Address.Pci pci() {
    return address != null && address.typed() instanceof Address.Pci pci
        ? pci
        : new Address.Pci(0, 0, 0, 0, Optional.empty(), Optional.empty());
  }

  private String place(String attribute) {
    return element().value("address/@" + attribute, "");
  }

  private OptionalInt part(String attribute) {
    OptionalLong value = Numbers.parse(place(attribute));
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  static final class Id {
    @XmlAttribute private @Nullable String id;
    @XmlAttribute private @Nullable String name;

    static OptionalInt number(@Nullable Id element) {
      OptionalLong value = Numbers.parse(element == null ? null : element.id);
      return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }
  }
}
