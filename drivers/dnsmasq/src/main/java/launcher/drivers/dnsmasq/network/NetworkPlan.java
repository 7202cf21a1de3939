package launcher.drivers.dnsmasq.network;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.schemas.network.Ip;
import launcher.schemas.network.Subnet;

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

  /** The families of the network's own addresses. */
  public Set<Ip.Family> families() {
    Set<Ip.Family> families = EnumSet.noneOf(Ip.Family.class);
    for (NetworkStep step : steps) {
      if (step instanceof NetworkStep.AddAddresses(String _, List<Subnet> addresses)) {
        addresses.forEach(address -> families.add(address.family()));
      }
    }
    return families;
  }
}
