package launcher.engine.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import launcher.schemas.XmlElement;

/**
 * What one guest's own definition says about the host's shutdown, in its metadata:
 *
 * <pre>{@code
 * <metadata>
 *   <shutdown xmlns='urn:launcher:shutdown:1' ladder='save 120s, power-off' order='10' start-delay='5' bypass-cache='yes' sync-time='yes'>
 *     <needs guest='database'/>
 *   </shutdown>
 * </metadata>
 * }</pre>
 *
 * @param ladder what is tried, or the host's
 * @param order guests with a lower one start earlier and stop later
 * @param startDelay how long the next guest waits after this one's start
 * @param bypassCache whether the saved memory goes past the page cache, or as the host says
 * @param syncTime whether the clock is set after resuming, or as the host says
 * @param needs names of the guests that must be up while this one is
 */
public record GuestPolicy(
    Optional<Ladder> ladder,
    OptionalInt order,
    Optional<Duration> startDelay,
    Optional<Boolean> bypassCache,
    Optional<Boolean> syncTime,
    List<String> needs) {
  /** The namespace of the element. */
  public static final String NAMESPACE = "urn:launcher:shutdown:1";

  /** A guest that says nothing. */
  public static final GuestPolicy NONE =
      new GuestPolicy(
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of());

  public GuestPolicy {
    needs = List.copyOf(needs);
  }

  /**
   * Reads it out of a definition.
   *
   * @param domain the {@code <domain>} element
   * @throws IllegalArgumentException naming the value that is wrong and what it should be
   */
  public static GuestPolicy of(XmlElement domain) {
    return domain
        .child("metadata")
        .flatMap(m -> m.children().stream().filter(GuestPolicy::isOurs).findFirst())
        .map(GuestPolicy::read)
        .orElse(NONE);
  }

  private static boolean isOurs(XmlElement element) {
    return element.name().equals("shutdown") && element.namespace().equals(NAMESPACE);
  }

  private static GuestPolicy read(XmlElement shutdown) {
    List<String> needs = new ArrayList<>();
    for (XmlElement child : shutdown.children()) {
      needs.add(
          child
              .attribute("guest")
              .orElseThrow(() ->
                  new IllegalArgumentException("<needs> in the shutdown policy names no guest")));
    }
    return new GuestPolicy(
        shutdown.attribute("ladder").map(Ladder::parse),
        shutdown
            .attribute("order")
            .map(v -> OptionalInt.of(Settings.number("order", v, 0, 1_000_000)))
            .orElse(OptionalInt.empty()),
        shutdown
            .attribute("start-delay")
            .map(v -> Duration.ofSeconds(Settings.number("start-delay", v, 0, 3600))),
        shutdown.attribute("bypass-cache").map(v -> Settings.yesOrNo("bypass-cache", v)),
        shutdown.attribute("sync-time").map(v -> Settings.yesOrNo("sync-time", v)),
        needs);
  }
}
