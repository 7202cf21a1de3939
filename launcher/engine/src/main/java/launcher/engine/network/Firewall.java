package launcher.engine.network;

import java.util.Optional;
import launcher.drivers.dnsmasq.network.NetworkStep;
import launcher.drivers.dnsmasq.network.NftTable;
import launcher.engine.EngineException;
import launcher.spawn.SpawnException;

/**
 * The packet rules of networks. Each network's own table says what passes its bridge; where
 * firewalld runs, the bridge is also put into a zone that lets the same pass, because a packet has
 * to be accepted by everybody who judges it. The table stays as it is when firewalld reloads, stops
 * or crashes, so running connections do not notice.
 */
final class Firewall {
  private final HostTools tools;
  private final Firewalld firewalld;

  Firewall(HostTools tools, Firewalld firewalld) {
    this.tools = tools;
    this.firewalld = firewalld;
  }

  /**
   * Puts the rules in place; doing it again changes nothing.
   *
   * @throws EngineException when a zone was asked for by name and firewalld does not run
   */
  void apply(NetworkStep.Protect rules) {
    boolean managed = firewalld.runs();
    if (rules.demanded() && !managed) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "zone '%s' is asked for but firewalld does not run: start it, or leave the zone out"
              .formatted(rules.zone().orElse("")));
    }
    rules.table().map(NftTable::text).ifPresent(tools::nft);
    try {
      placeInZone(rules, managed);
    } catch (RuntimeException e) {
      removeTable(rules);
      throw e;
    }
  }

  private void placeInZone(NetworkStep.Protect rules, boolean managed) {
    Optional<String> zone = rules.zone();
    if (managed && zone.isPresent()) {
      firewalld.place(rules.bridge(), zone.get());
    }
  }

  /** Takes the rules away, whether they are there or not. */
  void remove(NetworkStep.Protect rules) {
    if (rules.zone().isPresent() && firewalld.runs()) {
      firewalld.forget(rules.bridge());
    }
    removeTable(rules);
  }

  private void removeTable(NetworkStep.Protect rules) {
    if (rules.table().isEmpty()) {
      return;
    }
    try {
      tools.nft(NftTable.removal(rules.table().get().name()));
    } catch (SpawnException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "table '%s' was not taken away: %s".formatted(rules.table().get().name(), e.getMessage()),
          e);
    }
  }

  void whenForgotten(Runnable again) {
    firewalld.whenForgotten(again);
  }
}
