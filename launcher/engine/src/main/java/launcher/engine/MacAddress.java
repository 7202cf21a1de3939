package launcher.engine;

import java.security.SecureRandom;
import java.util.Locale;

/** Addresses for network cards that were given none. */
final class MacAddress {
  private static final SecureRandom RANDOM = new SecureRandom();

  private MacAddress() {}

  /** One of the range that QEMU and KVM use, 52:54:00. */
  static String random() {
    byte[] own = new byte[3];
    RANDOM.nextBytes(own);
    return String.format(
        Locale.ROOT, "52:54:00:%02x:%02x:%02x", own[0] & 0xff, own[1] & 0xff, own[2] & 0xff);
  }
}
