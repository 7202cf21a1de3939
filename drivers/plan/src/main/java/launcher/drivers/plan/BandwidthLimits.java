package launcher.drivers.plan;

import java.math.BigInteger;
import java.util.Optional;
import launcher.drivers.plan.LinkStep.LimitTraffic;
import launcher.drivers.plan.LinkStep.Rate;
import launcher.schemas.XmlElement;

/**
 * The {@code <bandwidth>} of a network, of its port groups or of a guest's network card (libvirt
 * formatnetwork, Quality of service), whose words {@code inbound} and {@code outbound} are the
 * guest's view.
 */
public final class BandwidthLimits {
  private BandwidthLimits() {}

  /**
   * The limits of a bridge, or of a card that is plugged into one: what the host sends is what
   * guests receive.
   *
   * @param card an {@code interface} or {@code network} of a checked definition
   * @param device the card's link on the host, or the bridge
   */
  public static Optional<LimitTraffic> ofPort(XmlElement card, String device) {
    return limits(device, rate(card, "inbound"), rate(card, "outbound"));
  }

  /** The limits of a macvtap, which is the guest's own end: what it sends the guest sends. */
  public static Optional<LimitTraffic> ofMacvtap(XmlElement card, String device) {
    return limits(device, rate(card, "outbound"), rate(card, "inbound"));
  }

  private static Optional<LimitTraffic> limits(
      String device, Optional<Rate> sent, Optional<Rate> received) {
    return sent.isEmpty() && received.isEmpty()
        ? Optional.empty()
        : Optional.of(new LimitTraffic(device, sent, received));
  }

  private static Optional<Rate> rate(XmlElement card, String direction) {
    return card.at("bandwidth/" + direction)
        .flatMap(limit ->
            whole(limit, "average")
                .filter(average -> average > 0)
                .map(average -> new Rate(average, whole(limit, "peak"), whole(limit, "burst"))));
  }

  private static Optional<Long> whole(XmlElement limit, String attribute) {
    BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
    return limit
        .attribute(attribute)
        .map(text -> new BigInteger(text.strip()).min(most).longValueExact());
  }
}
