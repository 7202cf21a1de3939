package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code <interface>}: a network card and what it is connected to. */
public final class Interface extends Device {
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable String managed;
  @XmlElement private @Nullable Mac mac;
  @XmlElement private @Nullable InterfaceSourceElement source;
  @XmlElement private @Nullable Model model;
  @XmlElement private @Nullable InterfaceDriver driver;
  @XmlElement private @Nullable Target target;
  @XmlElement private @Nullable Target guest;
  @XmlElement private @Nullable Backend backend;
  @XmlElement private @Nullable Script script;
  @XmlElement private @Nullable Link link;
  @XmlElement private @Nullable Mtu mtu;
  @XmlElement private @Nullable Tune tune;
  @XmlElement private @Nullable Teaming teaming;
  @XmlElement private @Nullable VirtualPort virtualport;

  @XmlElement(name = "ip")
  private final List<InterfaceSourceElement.Ip> ips = new ArrayList<>();

  @XmlElement(name = "portForward")
  private final List<InterfaceSourceElement.Forward> forwards = new ArrayList<>();

  private Interface() {}

  /** Kind of connection as written, such as {@code bridge}. */
  public String type() {
    return type == null ? "" : type;
  }

  /** What it is connected to. */
  public InterfaceSource source() {
    InterfaceSourceElement raw = source == null ? new InterfaceSourceElement() : source;
    List<InterfaceSource.GuestAddress> addresses =
        ips.stream().map(InterfaceSourceElement.Ip::typed).toList();
    if (backend != null && "passt".equals(backend.type)) {
      return new InterfaceSource.Passt(
          type().equals("vhostuser"),
          addresses,
          Optional.ofNullable(raw.dev()),
          Optional.ofNullable(backend.logFile),
          forwards.stream().map(InterfaceSourceElement.Forward::typed).toList());
    }
    return raw.typed(type(), addresses, Toggle.isSet(managed));
  }

  /** Addresses that the host's end of the link gets. */
  public List<InterfaceSource.GuestAddress> hostAddresses() {
    return source == null ? List.of() : source.hostAddresses();
  }

  /** MAC address in small letters. */
  public Optional<String> mac() {
    return mac == null || mac.address == null
        ? Optional.empty()
        : Optional.of(mac.address.toLowerCase(Locale.ROOT));
  }

  /** The card, such as {@code virtio} or {@code e1000}. */
  public String model() {
    return model == null || model.type == null ? "" : model.type;
  }

  /** Whether the card is of the virtio family. */
  public boolean isVirtio() {
    return model().startsWith("virtio");
  }

  /** Options of the card and of its back end. */
  public Optional<InterfaceDriver> driver() {
    return Optional.ofNullable(driver);
  }

  /** Name of the tap device on the host. */
  public Optional<String> targetDevice() {
    return target == null ? Optional.empty() : Optional.ofNullable(target.dev);
  }

  /** Whether the tap device is ours to make and to remove. */
  public boolean targetManaged() {
    return target == null || !"no".equals(target.managed);
  }

  /** Name of the interface inside a container. */
  public Optional<String> guestDevice() {
    return guest == null ? Optional.empty() : Optional.ofNullable(guest.dev);
  }

  /** The host's device that makes taps, where it is not the usual one. */
  public Optional<String> tapPath() {
    return backend == null ? Optional.empty() : Optional.ofNullable(backend.tap);
  }

  /** The host's vhost device, where it is not the usual one. */
  public Optional<String> vhostPath() {
    return backend == null ? Optional.empty() : Optional.ofNullable(backend.vhost);
  }

  /** The program that a user wants to be run for the tap. */
  public Optional<String> script() {
    return script == null ? Optional.empty() : Optional.ofNullable(script.path);
  }

  /** Whether the cable is plugged in at start. */
  public boolean linkUp() {
    return link == null || !"down".equals(link.state);
  }

  /** Greatest size of a packet in bytes. */
  public OptionalInt mtu() {
    return mtu == null || mtu.size == null ? OptionalInt.empty() : OptionalInt.of(mtu.size);
  }

  /** Size in bytes of the tap's send buffer. */
  public OptionalLong sendBuffer() {
    return Numbers.parse(tune == null ? null : tune.sndbuf);
  }

  /** Whether this card stays when its partner leaves for a migration. */
  public boolean teamingPersistent() {
    return teaming != null && "persistent".equals(teaming.type);
  }

  /** Alias of the partner that stays, for a card that leaves for a migration. */
  public Optional<String> teamingPartner() {
    return teaming == null ? Optional.empty() : Optional.ofNullable(teaming.persistent);
  }

  /** Kind of virtual switch port, such as {@code openvswitch}. */
  public Optional<String> virtualPort() {
    return virtualport == null ? Optional.empty() : Optional.ofNullable(virtualport.type);
  }

  @XmlType(name = "")
  private static final class Mac {
    @XmlAttribute private @Nullable String address;
  }

  @XmlType(name = "")
  private static final class Model {
    @XmlAttribute private @Nullable String type;
  }

  @XmlType(name = "")
  private static final class Target {
    @XmlAttribute private @Nullable String dev;
    @XmlAttribute private @Nullable String managed;
  }

  @XmlType(name = "")
  private static final class Backend {
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String tap;
    @XmlAttribute private @Nullable String vhost;
    @XmlAttribute private @Nullable String logFile;
  }

  @XmlType(name = "")
  private static final class Script {
    @XmlAttribute private @Nullable String path;
  }

  @XmlType(name = "")
  private static final class Link {
    @XmlAttribute private @Nullable String state;
  }

  @XmlType(name = "")
  private static final class Mtu {
    @XmlAttribute private @Nullable Integer size;
  }

  @XmlType(name = "")
  private static final class Tune {
    @XmlElement private @Nullable String sndbuf;
  }

  @XmlType(name = "")
  private static final class Teaming {
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String persistent;
  }

  @XmlType(name = "")
  private static final class VirtualPort {
    @XmlAttribute private @Nullable String type;
  }
}
