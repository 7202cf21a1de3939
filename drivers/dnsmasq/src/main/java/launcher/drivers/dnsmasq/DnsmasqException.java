package launcher.drivers.dnsmasq;

/** A network cannot be said in dnsmasq's language. */
public final class DnsmasqException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DnsmasqException(String message) {
    super(message);
  }
}
