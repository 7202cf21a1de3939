package launcher.engine.network;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;

/**
 * One change to a part of a network, as net-update says it.
 *
 * @param command what to do
 * @param section which part
 * @param item the element to add, change or delete
 * @param parent which {@code ip} element, counted from 0; none for the first that fits
 */
public record NetworkUpdate(
    Command command, Section section, XmlElement item, Optional<Integer> parent)
    implements NetworkChange {
  /** What to do. */
  public enum Command {
    /** Add as the first. */
    ADD_FIRST,
    /** Add as the last. */
    ADD_LAST,
    /** Remove the one that matches. */
    DELETE,
    /** Replace the one that matches. */
    MODIFY;

    /** The command of a word of virsh's: {@code add} is {@code add-last}. */
    public static Command of(String word) {
      return switch (word) {
        case "add", "add-last" -> ADD_LAST;
        case "add-first" -> ADD_FIRST;
        case "delete" -> DELETE;
        case "modify" -> MODIFY;
        default ->
            throw invalid(
                "'" + word + "' is no command: use add, add-first, add-last, delete or modify");
      };
    }
  }

  /** Which part; the tag of its elements, and the attributes that tell one from another. */
  public enum Section {
    /** Reserved addresses. */
    IP_DHCP_HOST("host", List.of("mac", "id", "name", "ip")),
    /** Ranges of addresses. */
    IP_DHCP_RANGE("range", List.of("start", "end")),
    /** Interfaces packets leave by. */
    FORWARD_INTERFACE("interface", List.of("dev")),
    /** Classes of guest interfaces. */
    PORTGROUP("portgroup", List.of("name")),
    /** Names of addresses. */
    DNS_HOST("host", List.of("ip")),
    /** TXT records. */
    DNS_TXT("txt", List.of("name")),
    /** SRV records. */
    DNS_SRV("srv", List.of("service", "protocol", "domain", "target"));

    private final String tag;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable, its type does not say so
    private final List<String> keys;

    Section(String tag, List<String> keys) {
      this.tag = tag;
      this.keys = keys;
    }

    /** The section of a word of virsh's. */
    public static Section of(String word) {
      for (Section section : values()) {
        if (section.word().equals(word)) {
          return section;
        }
      }
      throw invalid(
          "'"
              + word
              + "' is no section that can be changed: use ip-dhcp-host, ip-dhcp-range,"
              + " forward-interface, portgroup, dns-host, dns-txt or dns-srv");
    }

    /** {@code ip-dhcp-host}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static EngineException invalid(String message) {
    return new EngineException(EngineException.Kind.INVALID, message);
  }

  /**
   * Changes the tree of a network; whether it is still a network is for the reader to say.
   *
   * @throws EngineException when the item is of another section, or none matches, or one does
   */
  @Override
  public void apply(XmlElement network) {
    if (!item.name().equals(section.tag)) {
      throw invalid(
          "section '%s' has elements '%s', not '%s'"
              .formatted(section.word(), section.tag, item.name()));
    }
    requireKey();
    XmlElement home = home(network);
    List<XmlElement> matching = home.children(section.tag).stream().filter(this::matches).toList();
    switch (command) {
      case ADD_FIRST -> add(home, matching, 0);
      case ADD_LAST -> add(home, matching, home.children().size());
      case DELETE -> single(matching).detach();
      case MODIFY -> {
        if (section == Section.IP_DHCP_RANGE) {
          throw invalid("a range cannot be changed: add the new one, then delete the old one");
        }
        XmlElement old = single(matching);
        home.insert(home.children().indexOf(old), item.copy());
        old.detach();
      }
    }
  }

  private void add(XmlElement home, List<XmlElement> matching, int place) {
    if (!matching.isEmpty()) {
      throw new EngineException(
          EngineException.Kind.EXISTS,
          "such a '%s' is there already: %s"
              .formatted(section.tag, described(matching.getFirst())));
    }
    home.insert(place, item.copy());
  }

  private XmlElement single(List<XmlElement> matching) {
    if (matching.size() != 1) {
      throw new EngineException(
          EngineException.Kind.NOT_FOUND,
          matching.isEmpty()
              ? "no '%s' matches %s".formatted(section.tag, described(item))
              : "%d elements '%s' match %s"
                  .formatted(matching.size(), section.tag, described(item)));
    }
    return matching.getFirst();
  }

  private static String described(XmlElement element) {
    StringBuilder text = new StringBuilder();
    element
        .attributes()
        .forEach(a ->
            text.append(text.isEmpty() ? "" : " ")
                .append(a.name())
                .append("='")
                .append(a.value())
                .append('\''));
    names(element).forEach(name -> text.append(text.isEmpty() ? "" : " ").append(name));
    return text.toString();
  }

  /** A reservation matches by any of its keys when it is added, by all that are said otherwise. */
  private boolean matches(XmlElement present) {
    List<String> said = section.keys.stream().filter(item::has).toList();
    return switch (section) {
      case IP_DHCP_HOST ->
          command == Command.DELETE
              ? said.stream().allMatch(key -> same(present, key))
              : said.stream().anyMatch(key -> same(present, key));
      case DNS_HOST -> said.stream().anyMatch(key -> same(present, key)) || sharesName(present);
      case IP_DHCP_RANGE, FORWARD_INTERFACE, PORTGROUP, DNS_TXT, DNS_SRV ->
          said.stream().allMatch(key -> same(present, key));
    };
  }

  private boolean sharesName(XmlElement present) {
    List<String> names = names(present);
    return names(item).stream().anyMatch(names::contains);
  }

  private static List<String> names(XmlElement host) {
    return host.children("hostname").stream().map(XmlElement::text).map(String::strip).toList();
  }

  /** An element that says nothing would match everything. */
  private void requireKey() {
    if (section.keys.stream().noneMatch(item::has) && names(item).isEmpty()) {
      throw invalid(
          "which '%s' is meant? Say '%s'"
              .formatted(section.tag, String.join("' or '", section.keys)));
    }
  }

  private boolean same(XmlElement present, String key) {
    return present.attribute(key, "").equalsIgnoreCase(item.attribute(key, ""));
  }

  private XmlElement home(XmlElement network) {
    return switch (section) {
      case IP_DHCP_HOST, IP_DHCP_RANGE -> ip(network).childOrAdd("dhcp");
      case FORWARD_INTERFACE ->
          network.child("forward").orElseThrow(() -> invalid("the network has no 'forward'"));
      case PORTGROUP -> network;
      case DNS_HOST, DNS_TXT, DNS_SRV -> network.childOrAdd("dns");
    };
  }

  private XmlElement ip(XmlElement network) {
    List<XmlElement> all = network.children("ip");
    if (parent.isPresent()) {
      int index = parent.get();
      if (index < 0 || index >= all.size()) {
        throw invalid("the network has no 'ip' element number " + index);
      }
      return all.get(index);
    }
    boolean ipv6 = item.attribute("ip", item.attribute("start", "")).indexOf(':') >= 0;
    List<XmlElement> family = all.stream().filter(ip -> ip.is("family", "ipv6") == ipv6).toList();
    return family.stream()
        .filter(ip -> ip.hasChild("dhcp"))
        .findFirst()
        .or(() -> family.stream().findFirst())
        .orElseThrow(() -> invalid("the network has no address of that family"));
  }
}
