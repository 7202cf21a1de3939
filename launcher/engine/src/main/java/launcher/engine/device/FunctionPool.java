package launcher.engine.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.network.Forward;
import launcher.schemas.network.Network;

/** The devices that a network of mode {@code hostdev} hands out, one to each guest's card. */
public final class FunctionPool {
  private final Sysfs sysfs;
  private final DeviceClaims claims;

  /**
   * Of this host.
   *
   * @param memory the folder in which launcher remembers who has which device
   */
  public FunctionPool(Path memory) {
    this(Sysfs.HOST, memory);
  }

  FunctionPool(Sysfs sysfs, Path memory) {
    this.sysfs = sysfs;
    claims = new DeviceClaims(new DeviceMemory(memory, sysfs));
  }

  /**
   * The PCI address of a device that nobody has.
   *
   * @throws EngineException when there is none
   */
  public String free(Network network) {
    List<String> all = network.forward().map(this::all).orElse(List.of());
    if (all.isEmpty()) {
      throw new EngineException(
          Kind.FAILED,
          "network '%s' has no device to hand out: make virtual functions of its card (sriov_numvfs in sysfs), or name devices in <forward><address/>"
              .formatted(network.name()));
    }
    boolean managed = network.forward().filter(Forward::managed).isPresent();
    return all.stream()
        .filter(address -> isFree(new PciDevice(sysfs, address), managed))
        .findFirst()
        .orElseThrow(() ->
            new EngineException(
                Kind.FAILED,
                "each device of network '%s' is in use already: %s"
                    .formatted(network.name(), String.join(", ", all))));
  }

  private List<String> all(Forward forward) {
    Optional<String> card = forward.physicalFunction();
    if (card.isEmpty()) {
      return forward.functions();
    }
    return SriovFunction.all(sysfs, sysfs.path("class", "net", card.get(), "device"));
  }

  /** One that somebody else has bound to VFIO is somebody else's, unless that was asked for. */
  private boolean isFree(PciDevice device, boolean managed) {
    try {
      return device.exists()
          && claims.holder(PciChecks.KIND, device.address(), "").isEmpty()
          && !(managed && device.handedOver());
    } catch (IOException unreadable) {
      return false;
    }
  }
}
