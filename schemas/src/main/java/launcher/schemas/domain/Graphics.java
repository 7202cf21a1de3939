package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code <graphics>}: how people see the guest's screen. */
public final class Graphics extends Device {
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable Integer port;
  @XmlAttribute private @Nullable Integer tlsPort;
  @XmlAttribute private @Nullable String autoport;
  @XmlAttribute private @Nullable Integer websocket;
  @XmlAttribute private @Nullable String keymap;
  @XmlAttribute private @Nullable String passwd;
  @XmlAttribute private @Nullable String passwdValidTo;
  @XmlAttribute private @Nullable String connected;
  @XmlAttribute private @Nullable String sharePolicy;
  @XmlAttribute private @Nullable String powerControl;
  @XmlAttribute private @Nullable String defaultMode;
  @XmlAttribute private @Nullable String display;
  @XmlAttribute private @Nullable String xauth;
  @XmlAttribute private @Nullable String fullscreen;
  @XmlAttribute private @Nullable String username;
  @XmlAttribute private @Nullable String replaceUser;
  @XmlAttribute private @Nullable String multiUser;

  @XmlAttribute(name = "p2p") // JAXB would write a capital after the digit
  private @Nullable String p2p;

  @XmlAttribute(name = "address")
  private @Nullable String busAddress;

  @XmlElement private @Nullable Gl gl;
  @XmlElement private @Nullable Setting image;
  @XmlElement private @Nullable Setting jpeg;
  @XmlElement private @Nullable Setting zlib;
  @XmlElement private @Nullable Setting playback;
  @XmlElement private @Nullable Setting streaming;
  @XmlElement private @Nullable Setting clipboard;
  @XmlElement private @Nullable Setting filetransfer;
  @XmlElement private @Nullable Setting mouse;
  @XmlElement private Sound.@Nullable AudioReference audio;

  @XmlElement(name = "listen")
  private final List<ListenElement> listens = new ArrayList<>();

  @XmlElement(name = "channel")
  private final List<ChannelElement> channels = new ArrayList<>();

  private Graphics() {}

  /** {@code vnc}, {@code spice}, {@code sdl}, {@code dbus}, {@code egl-headless}, {@code rdp} … */
  public String type() {
    return type == null ? "" : type;
  }

  /** Where it listens; the first of its addresses. */
  public Listen listen() {
    return listens.isEmpty() ? new Listen.Nowhere() : listens.getFirst().typed();
  }

  /** The port, none where one is to be chosen at start. */
  public Optional<Integer> port() {
    return Optional.ofNullable(port).filter(p -> p > 0);
  }

  /** SPICE's encrypted port, none where one is to be chosen at start or none is wanted. */
  public Optional<Integer> tlsPort() {
    return Optional.ofNullable(tlsPort).filter(p -> p > 0);
  }

  /** Whether an encrypted port is to be chosen at start. */
  public boolean autoTlsPort() {
    return tlsPort != null && tlsPort == -1;
  }

  /** Whether the ports are chosen at start. */
  public boolean autoport() {
    return Toggle.isSet(autoport);
  }

  /** VNC's port for WebSockets, -1 for one chosen at start. */
  public Optional<Integer> websocket() {
    return Optional.ofNullable(websocket).filter(p -> p != 0);
  }

  /** Keyboard layout, such as {@code de}. */
  public Optional<String> keymap() {
    return Optional.ofNullable(keymap);
  }

  /** The password. */
  public Optional<String> password() {
    return Optional.ofNullable(passwd);
  }

  /** When the password ends, as XML Schema writes a moment in UTC. */
  public Optional<String> passwordValidTo() {
    return Optional.ofNullable(passwdValidTo);
  }

  /**
   * What happens to a viewer when the password changes: {@code keep}, {@code disconnect}, {@code
   * fail}.
   */
  public Optional<String> connected() {
    return Optional.ofNullable(connected);
  }

  /** VNC: who may look at the same time. */
  public Optional<String> sharePolicy() {
    return Optional.ofNullable(sharePolicy);
  }

  /** VNC: whether viewers may switch the guest off. */
  public Optional<Boolean> powerControl() {
    return Toggle.of(powerControl);
  }

  /** SPICE: {@code secure}, {@code insecure} or {@code any}. */
  public String defaultMode() {
    return defaultMode == null ? "any" : defaultMode;
  }

  /** SDL: the X display. */
  public Optional<String> display() {
    return Optional.ofNullable(display);
  }

  /** SDL: file of the X authority. */
  public Optional<String> xauth() {
    return Optional.ofNullable(xauth);
  }

  /** SDL: whether the window fills the screen. */
  public boolean fullscreen() {
    return Toggle.isSet(fullscreen);
  }

  /** D-Bus: whether the viewer's connection is handed over later, without a bus. */
  public boolean peerToPeer() {
    return Toggle.isSet(p2p);
  }

  /** D-Bus: address of the bus. */
  public Optional<String> busAddress() {
    return Optional.ofNullable(busAddress);
  }

  /** RDP: name of the user. */
  public Optional<String> username() {
    return Optional.ofNullable(username);
  }

  /** RDP: whether a new connection takes over. */
  public Optional<Boolean> replaceUser() {
    return Toggle.of(replaceUser);
  }

  /** RDP: whether several may be connected. */
  public Optional<Boolean> multiUser() {
    return Toggle.of(multiUser);
  }

  /** Whether the screen is drawn by OpenGL. */
  public Optional<Boolean> gl() {
    return gl == null ? Optional.empty() : Toggle.of(gl.enable);
  }

  /** The host's render node for OpenGL. */
  public Optional<String> renderNode() {
    return gl == null ? Optional.empty() : Optional.ofNullable(gl.rendernode);
  }

  /** SPICE's channels that have a mode of their own, by name. */
  public Map<String, String> channelModes() {
    return channels.stream()
        .filter(c -> c.name != null && c.mode != null)
        .collect(
            Collectors.toMap(
                c -> String.valueOf(c.name),
                c -> String.valueOf(c.mode),
                (first, second) -> second,
                LinkedHashMap::new));
  }

  /** SPICE: compression of images. */
  public Optional<String> imageCompression() {
    return compression(image);
  }

  /** SPICE: lossy compression over slow links. */
  public Optional<String> jpegCompression() {
    return compression(jpeg);
  }

  /** SPICE: lossless compression over slow links. */
  public Optional<String> zlibCompression() {
    return compression(zlib);
  }

  /** SPICE: compression of sound. */
  public Optional<String> playbackCompression() {
    return compression(playback);
  }

  /** SPICE: which parts of the screen are sent as video. */
  public Optional<String> streamingMode() {
    return streaming == null ? Optional.empty() : Optional.ofNullable(streaming.mode);
  }

  /** SPICE: {@code server} or {@code client}. */
  public Optional<String> mouseMode() {
    return mouse == null ? Optional.empty() : Optional.ofNullable(mouse.mode);
  }

  /** SPICE: whether copy and paste works. */
  public Optional<Boolean> copyPaste() {
    return clipboard == null ? Optional.empty() : Toggle.of(clipboard.copypaste);
  }

  /** SPICE: whether files can be dropped on the guest. */
  public Optional<Boolean> fileTransfer() {
    return filetransfer == null ? Optional.empty() : Toggle.of(filetransfer.enable);
  }

  /** Id of the {@code <audio>} that VNC or D-Bus carries. */
  public Optional<Integer> audioId() {
    return audio == null ? Optional.empty() : Optional.ofNullable(audio.id);
  }

  private static Optional<String> compression(@Nullable Setting setting) {
    return setting == null ? Optional.empty() : Optional.ofNullable(setting.compression);
  }

  /** Where a display server listens. */
  public sealed interface Listen {
    /** An address of the host; none for the one in the host's settings. */
    record Address(Optional<String> address) implements Listen {}

    /** The address that the host has in one of the networks. */
    record Network(String network, Optional<String> address) implements Listen {}

    /** A Unix socket; none where the launcher chooses its path. */
    record Socket(Optional<String> path) implements Listen {}

    /** Nowhere: viewers are handed over by the launcher. */
    record Nowhere() implements Listen {}
  }

  @XmlType(name = "")
  private static final class ListenElement {
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String address;
    @XmlAttribute private @Nullable String network;
    @XmlAttribute private @Nullable String socket;

    Listen typed() {
      return switch (type == null ? "none" : type) {
        case "address" -> new Listen.Address(Optional.ofNullable(address));
        case "network" ->
            new Listen.Network(network == null ? "" : network, Optional.ofNullable(address));
        case "socket" -> new Listen.Socket(Optional.ofNullable(socket));
        default -> new Listen.Nowhere();
      };
    }
  }

  @XmlType(name = "")
  private static final class ChannelElement {
    @XmlAttribute private @Nullable String name;
    @XmlAttribute private @Nullable String mode;
  }

  @XmlType(name = "")
  private static final class Gl {
    @XmlAttribute private @Nullable String enable;
    @XmlAttribute private @Nullable String rendernode;
  }

  @XmlType(name = "")
  private static final class Setting {
    @XmlAttribute private @Nullable String compression;
    @XmlAttribute private @Nullable String mode;
    @XmlAttribute private @Nullable String copypaste;
    @XmlAttribute private @Nullable String enable;
  }
}
