package launcher.engine.network;

import java.util.List;
import java.util.Optional;
import launcher.drivers.dnsmasq.network.NetworkPlan;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;
import launcher.schemas.network.Network;

/**
 * One network as it is at a moment: its definition, its running self, or both. Replaced, never
 * changed, so that whoever looks waits for nobody.
 *
 * @param defined none for a network that ends with its stop
 * @param live none for one that is not started
 */
record NetworkEntry(Optional<Defined> defined, Optional<Live> live) {
  /**
   * A definition.
   *
   * @param written the user's own text
   * @param tree completed; a copy is given away, never this
   */
  record Defined(String written, XmlElement tree, Network model) {}

  /**
   * A running network.
   *
   * @param warnings what the start had to say
   */
  record Live(XmlElement tree, Network model, NetworkPlan plan, List<String> warnings) {
    Live {
      warnings = List.copyOf(warnings);
    }
  }

  NetworkEntry with(Defined changed) {
    return new NetworkEntry(Optional.of(changed), live);
  }

  NetworkEntry with(Live changed) {
    return new NetworkEntry(defined, Optional.of(changed));
  }

  NetworkEntry stopped() {
    return new NetworkEntry(defined, Optional.empty());
  }

  NetworkEntry undefined() {
    return new NetworkEntry(Optional.empty(), live);
  }

  boolean isEmpty() {
    return defined.isEmpty() && live.isEmpty();
  }

  /** The running model, else the defined one. */
  Network model() {
    return live.map(Live::model).or(() -> defined.map(Defined::model)).orElseThrow();
  }

  /** The running tree, else the defined one. */
  XmlElement tree() {
    return live.map(Live::tree).or(() -> defined.map(Defined::tree)).orElseThrow();
  }

  String uuid() {
    return model().uuid().orElse("");
  }

  String name() {
    return model().name();
  }

  /**
   * The definition.
   *
   * @throws EngineException when there is none
   */
  Defined requireDefined() {
    return defined.orElseThrow(
        () -> wrongState("network '" + name() + "' is transient: it has no definition"));
  }

  /**
   * The running self.
   *
   * @throws EngineException when there is none
   */
  Live requireLive() {
    return live.orElseThrow(() -> wrongState("network '" + name() + "' is not active"));
  }

  /** Refuses one that runs. */
  void requireStopped() {
    if (live.isPresent()) {
      throw wrongState("network '" + name() + "' is active already");
    }
  }

  private static EngineException wrongState(String message) {
    return new EngineException(EngineException.Kind.WRONG_STATE, message);
  }
}
