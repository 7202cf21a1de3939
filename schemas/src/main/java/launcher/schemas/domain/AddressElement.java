package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** The raw {@code <address>}; {@link #typed()} is what drivers read. */
final class AddressElement extends ModelElement {
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable String domain;
  @XmlAttribute private @Nullable String bus;
  @XmlAttribute private @Nullable String slot;
  @XmlAttribute private @Nullable String function;
  @XmlAttribute private @Nullable String multifunction;
  @XmlAttribute private @Nullable String controller;
  @XmlAttribute private @Nullable String target;
  @XmlAttribute private @Nullable String unit;
  @XmlAttribute private @Nullable String port;
  @XmlAttribute private @Nullable String device;
  @XmlAttribute private @Nullable String reg;
  @XmlAttribute private @Nullable String cssid;
  @XmlAttribute private @Nullable String ssid;
  @XmlAttribute private @Nullable String devno;
  @XmlAttribute private @Nullable String iobase;
  @XmlAttribute private @Nullable String irq;
  @XmlAttribute private @Nullable String base;
  @XmlAttribute private @Nullable String uuid;
  @XmlElement private @Nullable ZpciElement zpci;

  private AddressElement() {}

  Address typed() {
    return switch (type == null ? "pci" : type) {
      case "pci" ->
          new Address.Pci(
              number(domain),
              number(bus),
              number(slot),
              number(function),
              Optional.ofNullable(multifunction),
              Optional.ofNullable(zpci).map(z -> new Address.Zpci(wide(z.uid), wide(z.fid))));
      case "drive" ->
          new Address.Drive(number(controller), number(bus), number(target), number(unit));
      case "virtio-serial" ->
          new Address.VirtioSerial(number(controller), number(bus), maybe(port));
      case "ccid" -> new Address.Ccid(number(controller), number(slot));
      case "usb" -> new Address.Usb(number(bus), Optional.ofNullable(port), maybe(device));
      case "spapr-vio" -> new Address.SpaprVio(wide(reg));
      case "ccw" -> new Address.Ccw(number(cssid), number(ssid), number(devno));
      case "virtio-mmio" -> new Address.VirtioMmio();
      case "virtio-s390" -> new Address.VirtioS390();
      case "isa" -> new Address.Isa(maybe(iobase), maybe(irq));
      case "dimm" -> new Address.Dimm(maybe(slot), wide(base));
      case "mdev" -> new Address.Mdev(uuid == null ? "" : uuid);
      default -> new Address.Unassigned();
    };
  }

  private static int number(@Nullable String text) {
    return Numbers.parse(text).isPresent() ? (int) Numbers.parse(text).getAsLong() : 0;
  }

  private static OptionalInt maybe(@Nullable String text) {
    OptionalLong value = Numbers.parse(text);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  private static OptionalLong wide(@Nullable String text) {
    return Numbers.parse(text);
  }

  static final class ZpciElement {
    @XmlAttribute private @Nullable String uid;
    @XmlAttribute private @Nullable String fid;
  }
}
