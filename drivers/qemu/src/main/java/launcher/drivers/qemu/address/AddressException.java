package launcher.drivers.qemu.address;

import launcher.schemas.XmlElement;

/** A device cannot be plugged in as the definition wants it; becomes a problem at its element. */
public final class AddressException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient XmlElement device;

  AddressException(XmlElement device, String message) {
    super(message);
    this.device = device;
  }

  /** The element of the device. */
  public XmlElement device() {
    return device;
  }
}
