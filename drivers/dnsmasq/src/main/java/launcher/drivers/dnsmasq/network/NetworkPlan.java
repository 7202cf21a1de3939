package launcher.drivers.dnsmasq.network;

import java.util.List;
import java.util.Optional;

/**
 * How a network starts: the steps in order. Stopping it is the same steps, undone backwards.
 *
 * @param network name of the network
 * @param bridge the bridge guests are plugged into, none for macvtap
 */
public record NetworkPlan(String network, Optional<String> bridge, List<NetworkStep> steps) {
  public NetworkPlan {
    steps = List.copyOf(steps);
  }

  /** The dnsmasq of the plan, if it has one. */
  public Optional<NetworkStep.Serve> server() {
    return steps.stream()
        .filter(NetworkStep.Serve.class::isInstance)
        .map(NetworkStep.Serve.class::cast)
        .findFirst();
  }

  /** The firewall of the plan, if it has one. */
  public Optional<NetworkStep.Protect> firewall() {
    return steps.stream()
        .filter(NetworkStep.Protect.class::isInstance)
        .map(NetworkStep.Protect.class::cast)
        .findFirst();
  }
}
