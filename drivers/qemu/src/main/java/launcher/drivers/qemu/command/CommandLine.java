package launcher.drivers.qemu.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.ModelElement;
import launcher.schemas.XmlElement;

/** QEMU's arguments as they are collected, each with the element of the XML it comes from. */
public final class CommandLine {
  /** The first number for a passed descriptor; 0 to 2 are the standard streams. */
  private static final int FIRST_DESCRIPTOR = 3;

  private final List<Piece> pieces = new ArrayList<>();
  private final XmlElement domain;
  private final List<PassedDescriptor> descriptors = new ArrayList<>();
  private final List<Named> named = new ArrayList<>();

  /** Without any argument, for a domain that overrides nothing. */
  public CommandLine() {
    this(XmlElement.of("domain"));
  }

  /** For a prepared domain, whose {@code <qemu:override>} changes devices as they are added. */
  public CommandLine(XmlElement domain) {
    this.domain = domain;
  }

  /**
   * One argument.
   *
   * @param text as QEMU gets it
   * @param origin element of the prepared tree, none for what launcher always says
   */
  public record Piece(String text, Optional<XmlElement> origin) {}

  /**
   * A device or an object.
   *
   * @param type QEMU's name of its kind
   * @param origin element of the prepared tree
   */
  public record Named(String type, XmlElement origin) {}

  /**
   * A descriptor that QEMU inherits.
   *
   * @param number in QEMU
   * @param name what it is, for whoever opens it: {@code tap net0}, {@code vhost net0}, {@code
   *     listen /run/…}
   */
  public record PassedDescriptor(int number, String name) {}

  /** Adds an option without a value. */
  public void add(XmlElement origin, String flag) {
    pieces.add(new Piece(flag, Optional.of(origin)));
  }

  /** Adds an option with a value as text. */
  public void add(XmlElement origin, String flag, String value) {
    add(origin, flag);
    add(origin, value);
  }

  /** Adds an option with a value as JSON: {@code -device}, {@code -object}, {@code -blockdev} … */
  public void add(XmlElement origin, String flag, Props value) {
    if (flag.equals("-device") && value.get("id").orElse("") instanceof String id) {
      QemuNamespace.override(domain, id, value);
    }
    MissingDevices.type(flag, value).ifPresent(type -> named.add(new Named(type, origin)));
    add(origin, flag, value.json());
  }

  /** Adds an option with a value as JSON that comes from a device or other model object. */
  public void add(ModelElement origin, String flag, Props value) {
    add(origin.element(), flag, value);
  }

  /** Adds an option with a value as text that comes from a device or other model object. */
  public void add(ModelElement origin, String flag, String value) {
    add(origin.element(), flag, value);
  }

  /** Adds arguments that no element of the XML asked for. */
  public void always(String... arguments) {
    for (String argument : arguments) {
      pieces.add(new Piece(argument, Optional.empty()));
    }
  }

  /**
   * Asks for a descriptor to be passed and gives its number in QEMU.
   *
   * @param name what it is, see {@link PassedDescriptor}
   */
  public int pass(String name) {
    int number = FIRST_DESCRIPTOR + descriptors.size();
    descriptors.add(new PassedDescriptor(number, name));
    return number;
  }

  /** The arguments in their order. */
  public List<Piece> pieces() {
    return List.copyOf(pieces);
  }

  /** The arguments' texts in their order. */
  public List<String> texts() {
    return pieces.stream().map(Piece::text).toList();
  }

  /** The descriptors to pass, in the order of their numbers. */
  public List<PassedDescriptor> descriptors() {
    return List.copyOf(descriptors);
  }

  /** The devices and objects, in their order. */
  public List<Named> named() {
    return List.copyOf(named);
  }
}
