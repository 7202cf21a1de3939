package launcher.drivers.lxc;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import launcher.schemas.XmlElement;

/** What cannot be among a container's links. */
final class LinkRules {
  /** IFNAMSIZ less the final zero. */
  private static final int LONGEST_DEVICE = 15;

  private static final Pattern IPV4 =
      Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");

  private final XmlElement domain;
  private final BiConsumer<XmlElement, String> refuse;

  private LinkRules(XmlElement domain, BiConsumer<XmlElement, String> refuse) {
    this.domain = domain;
    this.refuse = refuse;
  }

  static void check(XmlElement domain, BiConsumer<XmlElement, String> refuse) {
    LinkRules rules = new LinkRules(domain, refuse);
    List<XmlElement> devices = domain.child("devices").map(XmlElement::children).orElse(List.of());
    Set<String> inside = new HashSet<>();
    for (XmlElement device : devices) {
      if (device.name().equals("interface")) {
        rules.link(device, inside);
      }
      rules.addresses(device);
      device.child("source").ifPresent(rules::addresses);
    }
  }

  private void link(XmlElement link, Set<String> inside) {
    if (SharedNamespaces.sharesNetwork(domain)) {
      refuse.accept(link, "a container that shares another's network cannot have links of its own");
    }
    for (String path : List.of("guest/@dev", "target/@dev", "source/@dev", "source/@bridge")) {
      link.value(path)
          .filter(name -> name.length() > LONGEST_DEVICE || name.equals(".") || name.equals(".."))
          .ifPresent(name -> refuse.accept(link, "'" + name + "' cannot be a device's name"));
    }
    link.value("guest/@dev")
        .filter(name -> !inside.add(name))
        .ifPresent(name -> refuse.accept(link, "two links are named '" + name + "'"));
    link.value("mac/@address")
        .filter(mac -> (Integer.parseInt(mac.split(":", 2)[0], 16) & 1) != 0)
        .ifPresent(mac -> refuse.accept(link, "'" + mac + "' is a multicast address"));
  }

  private void addresses(XmlElement owner) {
    for (XmlElement child : owner.children()) {
      if (child.name().equals("ip") || child.name().equals("route")) {
        boolean six = child.is("family", "ipv6") || child.attribute("address", "").contains(":");
        for (String attribute : List.of("address", "peer", "gateway", "netmask")) {
          child.attribute(attribute).ifPresent(text -> address(child, text, six));
        }
        child
            .attribute("prefix")
            .map(p -> Integer.parseInt(p.strip()))
            .filter(prefix -> prefix > (six ? 128 : 32))
            .ifPresent(prefix -> refuse.accept(child, prefix + " bits are too many"));
      }
    }
  }

  private void address(XmlElement at, String text, boolean six) {
    boolean fits = six ? text.contains(":") && isSix(text) : IPV4.matcher(text).matches();
    if (!fits) {
      refuse.accept(at, "'" + text + "' is not an address of " + (six ? "IPv6" : "IPv4"));
    }
  }

  private static boolean isSix(String text) {
    String[] groups = text.split(":", -1);
    boolean shortened = text.contains("::");
    long tooLong = Arrays.stream(groups).filter(g -> g.length() > 4).count();
    return tooLong == 0
        && groups.length <= 9
        && (shortened || groups.length == 8)
        && text.indexOf("::") == text.lastIndexOf("::")
        && !text.contains(".");
  }
}
