package launcher.drivers.qemu.address;

import launcher.schemas.XmlElement;

/** A device cannot be plugged in as the definition wants it; becomes a problem at its element. */
public final class AddressException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient XmlElement device;
  private final String problem;

  AddressException(XmlElement device, String message) {
    super(message);
    this.device = device;
    this.problem = message;
  }

  /** What is wrong. */
  public String problem() {
    return problem;
  }

  /** The element of the device. */
  public XmlElement device() {
    return device;
  }
}
