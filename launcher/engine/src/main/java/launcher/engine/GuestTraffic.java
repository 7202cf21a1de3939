package launcher.engine;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.plan.BandwidthLimits;
import launcher.drivers.plan.LinkStep.LimitTraffic;
import launcher.engine.EngineException.Kind;
import launcher.engine.change.DeviceMatch;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.network.GuestLinks;
import launcher.engine.run.DeviceMove.Subject;
import launcher.schemas.XmlElement;

/** The limits on what a guest's network cards carry, in its definition and while it runs. */
public final class GuestTraffic {
  private final Guest guest;

  GuestTraffic(Guest guest) {
    this.guest = guest;
  }

  /** The directions, as the guest sees them (libvirt formatdomain, bandwidth). */
  public enum Direction {
    INBOUND("inbound"),
    OUTBOUND("outbound");

    private final String word;

    Direction(String word) {
      this.word = word;
    }

    /** The element's name. */
    public String word() {
      return word;
    }
  }

  /**
   * A limit.
   *
   * @param average rate in kB (1000 bytes) a second; 0 for no limit
   * @param peak highest rate in kB a second; 0 for the average
   * @param burst what may be sent at the highest rate, in KiB; 0 for the kernel's own choice
   */
  public record Limit(long average, long peak, long burst) {
    /** Carries whatever comes. */
    public static final Limit NONE = new Limit(0, 0, 0);

    /**
     * Checks the range.
     *
     * @throws EngineException when a number is negative, or a limit has no rate
     */
    public Limit {
      if (average < 0 || peak < 0 || burst < 0 || average == 0 && (peak > 0 || burst > 0)) {
        throw new EngineException(
            Kind.INVALID,
            "a limit is an average rate of at least 1 kB a second, with a peak and a burst if wanted; an average of 0 takes it away");
      }
    }
  }

  /**
   * The limits of a card.
   *
   * @param card its MAC address, its link's name on the host or its alias
   */
  public Map<Direction, Limit> of(String card, boolean live) {
    XmlElement found = guest.changes().cards().card(card, live);
    Map<Direction, Limit> limits = new LinkedHashMap<>();
    for (Direction direction : Direction.values()) {
      limits.put(
          direction,
          found
              .at("bandwidth/" + direction.word())
              .map(limit ->
                  new Limit(
                      number(limit, "average"), number(limit, "peak"), number(limit, "burst")))
              .orElse(Limit.NONE));
    }
    return limits;
  }

  private static long number(XmlElement limit, String name) {
    return limit.attribute(name).map(String::strip).map(Long::parseLong).orElse(0L);
  }

  /**
   * Changes the limits of a card.
   *
   * @param card its MAC address, its link's name on the host or its alias
   * @param limits of the directions that change
   */
  public void limit(String card, Map<Direction, Limit> limits, Scope scope) {
    guest
        .changes()
        .cards()
        .card(
            "domiftune",
            card,
            scope,
            xml -> write(xml, limits),
            changed -> {
              String device = link(changed);
              // the kernel alone knows what a link carries now
              new AskedAgain(guest.life())
                  .change(
                      Subject.TRAFFIC,
                      device,
                      () -> {
                        follow(device, changed);
                        note(changed, limits);
                      });
            });
  }

  private String link(XmlElement card) {
    return card.value("target/@dev")
        .filter(device -> !device.isEmpty())
        .orElseThrow(() ->
            new EngineException(
                Kind.INVALID,
                "network card '"
                    + card.value("mac/@address", "")
                    + "' of guest '"
                    + guest.name()
                    + "' has no link on the host that could be limited"));
  }

  private void note(XmlElement card, Map<Direction, Limit> limits) {
    ActiveRun run = guest.life().running();
    XmlElement live = run.live().copy();
    write(DeviceMatch.find(guest.name(), live, card), limits);
    run.live(live);
  }

  private static void write(XmlElement card, Map<Direction, Limit> limits) {
    XmlElement bandwidth = card.childOrAdd("bandwidth");
    limits.forEach((direction, limit) -> {
      bandwidth.child(direction.word()).ifPresent(XmlElement::detach);
      if (limit.average() > 0) {
        XmlElement said = bandwidth.add(direction.word()).set("average", limit.average());
        set(said, "peak", limit.peak());
        set(said, "burst", limit.burst());
      }
    });
    if (bandwidth.children().isEmpty()) {
      bandwidth.detach();
    }
  }

  private static void set(XmlElement limit, String name, long value) {
    if (value > 0) {
      limit.set(name, value);
    }
  }

  private void follow(String device, XmlElement card) {
    Optional<LimitTraffic> wanted = limits(card, device);
    // first: what is made for a link is taken away with the guest, whoever lives then
    wanted.ifPresent(guest.life().running()::hold);
    put(guest.life(), device, wanted);
  }

  /** Has a link follow its card's live XML once more. */
  static void again(GuestLife life, String device) {
    for (XmlElement card :
        life.running().live().copy().childOrAdd("devices").children("interface")) {
      if (card.value("target/@dev", "").equals(device)) {
        put(life, device, limits(card, device));
      }
    }
  }

  /** Instead of whatever limits the link. */
  private static void put(GuestLife life, String device, Optional<LimitTraffic> wanted) {
    GuestLinks links = new GuestLinks(life.context().spawner());
    links.undo(new LimitTraffic(device, Optional.empty(), Optional.empty()));
    if (wanted.isPresent()) {
      try {
        links.limit(wanted.get());
      } catch (IOException e) {
        throw new EngineException(Kind.FAILED, String.valueOf(e.getMessage()), e);
      }
    }
  }

  private static Optional<LimitTraffic> limits(XmlElement card, String device) {
    boolean macvtap =
        card.is("type", "direct")
            || card.is("type", "network") && card.value("source/@dev").isPresent();
    return macvtap ? BandwidthLimits.ofMacvtap(card, device) : BandwidthLimits.ofPort(card, device);
  }
}
