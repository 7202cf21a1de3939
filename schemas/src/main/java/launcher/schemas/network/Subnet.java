package launcher.schemas.network;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An address with the length of its network part.
 *
 * @param address any address inside
 * @param prefix bits of the network part, 0 to 32 or 128
 */
public record Subnet(InetAddress address, int prefix) {
  /** Checks the range of the prefix. */
  public Subnet {
    if (prefix < 0 || prefix > address.getAddress().length * 8) {
      throw new IllegalArgumentException("prefix " + prefix + " of '" + text(address) + "'");
    }
  }

  /**
   * From the attributes of an element.
   *
   * @param netmask dotted IPv4 mask, used where it is there
   * @param prefix used next; without both, an IPv4 network is as long as its class says and an IPv6
   *     one has 64 bits, as libvirt has it
   * @throws IllegalArgumentException when one is no address, or the mask has holes
   */
  public static Subnet of(String address, @Nullable String netmask, @Nullable Integer prefix) {
    InetAddress parsed = InetAddress.ofLiteral(address);
    if (netmask != null) {
      return new Subnet(parsed, maskLength(netmask));
    }
    return new Subnet(parsed, prefix == null ? classLength(parsed) : prefix);
  }

  /**
   * From the form {@code 192.168.122.0/24}, or an address alone.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static Subnet parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      InetAddress alone = InetAddress.ofLiteral(text);
      return new Subnet(alone, alone.getAddress().length * 8);
    }
    return new Subnet(
        InetAddress.ofLiteral(text.substring(0, slash)),
        Integer.parseInt(text.substring(slash + 1)));
  }

  private static int maskLength(String netmask) {
    BigInteger mask = number(InetAddress.ofLiteral(netmask));
    int length = mask.bitCount();
    if (!mask.equals(
        BigInteger.ONE.shiftLeft(length).subtract(BigInteger.ONE).shiftLeft(32 - length))) {
      throw new IllegalArgumentException("netmask '" + netmask + "' has holes");
    }
    return length;
  }

  private static int classLength(InetAddress address) {
    if (!(address instanceof Inet4Address)) {
      return 64;
    }
    int first = address.getAddress()[0] & 0xff;
    if (first < 128) {
      return 8;
    }
    return first < 192 ? 16 : 24;
  }

  /** Whether this is IPv4. */
  public boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  /** The family. */
  public Ip.Family family() {
    return isIpv4() ? Ip.Family.IPV4 : Ip.Family.IPV6;
  }

  /** The first address, with all bits behind the prefix zero. */
  public InetAddress base() {
    BigInteger kept = number(address).shiftRight(rest()).shiftLeft(rest());
    return address(kept, bits() / 8);
  }

  /** The last IPv4 address. */
  public InetAddress broadcast() {
    BigInteger holes = BigInteger.ONE.shiftLeft(rest()).subtract(BigInteger.ONE);
    return address(number(address).or(holes), bits() / 8);
  }

  /** Whether the address lies inside. */
  public boolean contains(InetAddress other) {
    return other.getAddress().length * 8 == bits()
        && number(other).shiftRight(rest()).equals(number(address).shiftRight(rest()));
  }

  /** Whether any address lies in both. */
  public boolean overlaps(Subnet other) {
    return prefix <= other.prefix ? contains(other.address) : other.contains(address);
  }

  /** The mask in dotted form. */
  public String netmask() {
    BigInteger mask = BigInteger.ONE.shiftLeft(prefix).subtract(BigInteger.ONE).shiftLeft(rest());
    return text(address(mask, bits() / 8));
  }

  /** How many addresses lie from the first to the last, both counted. */
  public static BigInteger count(InetAddress first, InetAddress last) {
    return number(last).subtract(number(first)).add(BigInteger.ONE);
  }

  /**
   * The zone of the domain name system in which the names of these addresses stand.
   *
   * @throws IllegalArgumentException when the prefix does not end at a label
   */
  public String reverseZone() {
    int step = isIpv4() ? 8 : 4;
    if (prefix % step != 0) {
      throw new IllegalArgumentException(
          "prefix " + prefix + " does not end at a label of the reverse zone");
    }
    byte[] bytes = address.getAddress();
    int labels = prefix / step;
    return IntStream.iterate(labels - 1, i -> i >= 0, i -> i - 1)
        .mapToObj(i -> isIpv4() ? Integer.toString(bytes[i] & 0xff) : nibble(bytes, i))
        .collect(Collectors.joining(".", "", isIpv4() ? ".in-addr.arpa" : ".ip6.arpa"));
  }

  private static String nibble(byte[] bytes, int index) {
    int two = bytes[index / 2] & 0xff;
    return Integer.toHexString(index % 2 == 0 ? two >> 4 : two & 0xf);
  }

  private int bits() {
    return address.getAddress().length * 8;
  }

  private int rest() {
    return bits() - prefix;
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  private static InetAddress address(BigInteger number, int length) {
    byte[] from = number.toByteArray();
    byte[] to = new byte[length];
    int copied = Math.min(from.length, length);
    System.arraycopy(from, from.length - copied, to, length - copied, copied);
    try {
      return InetAddress.getByAddress(to);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address of " + length + " bytes", e);
    }
  }

  /** An address as people write it, IPv6 in the shortest form (RFC 5952). */
  public static String text(InetAddress address) {
    return address instanceof Inet4Address ? address.getHostAddress() : shortest(address);
  }

  private static String shortest(InetAddress address) {
    String full = ":" + address.getHostAddress().replaceFirst("%.*", "") + ":";
    String longest = "";
    for (String zeros = ":0:0:"; zeros.length() <= 17; zeros += "0:") {
      longest = full.contains(zeros) ? zeros : longest;
    }
    String text = longest.isEmpty() ? full : full.replaceFirst(longest, "::");
    int from = text.startsWith("::") ? 0 : 1;
    return text.substring(from, text.length() - (text.endsWith("::") ? 0 : 1));
  }

  /** The network as {@code 192.168.122.0/24}. */
  public String network() {
    return text(base()) + "/" + prefix;
  }

  /** The address with the prefix, {@code 192.168.122.1/24}. */
  @Override
  public String toString() {
    return text(address) + "/" + prefix;
  }
}
