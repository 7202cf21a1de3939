package launcher.drivers.plan;

import java.util.List;
import java.util.Optional;

/**
 * Steps that connect a guest's network card. The link's descriptors are inherited by the guest's
 * process, one for each queue of the card.
 */
public sealed interface LinkStep extends Step {
  /** Name of the link on the host, at most 15 bytes. */
  String device();

  /** The names the command knows the link's descriptors by, one a queue. */
  List<String> descriptors();

  @Override
  default String object() {
    return device();
  }

  /**
   * Makes a tap and plugs it into a bridge. It is gone with the last process that holds it.
   *
   * @param bridge none for a tap that is plugged into nothing
   * @param mac hardware address of the host's end
   * @param mtu largest packet in bytes, none for the bridge's
   * @param packetHeaders whether frames carry the header of virtio cards (virtio-net)
   * @param isolated whether its guest may not reach other isolated ones on the bridge
   * @param only the guest's hardware address, where the bridge is told it instead of learning what
   *     the guest says, and sends the guest nothing else
   */
  record PlugTap(
      String device,
      List<String> descriptors,
      Optional<String> bridge,
      String mac,
      Optional<Integer> mtu,
      boolean packetHeaders,
      boolean isolated,
      Optional<String> only)
      implements LinkStep {
    public PlugTap {
      descriptors = List.copyOf(descriptors);
    }

    @Override
    public String name() {
      return "plug tap";
    }

    @Override
    public String undo() {
      return "";
    }
  }

  /**
   * Makes a macvtap on an interface of the host.
   *
   * @param link the host's interface
   * @param mode {@code bridge}, {@code private}, {@code vepa} or {@code passthru}
   * @param mac hardware address of the guest's card
   * @param packetHeaders whether frames carry the header of virtio cards
   */
  record PlugMacvtap(
      String device,
      List<String> descriptors,
      String link,
      String mode,
      String mac,
      boolean packetHeaders)
      implements LinkStep {
    public PlugMacvtap {
      descriptors = List.copyOf(descriptors);
    }

    @Override
    public String name() {
      return "plug macvtap";
    }

    @Override
    public String undo() {
      return "remove link";
    }
  }

  /**
   * A limit on the frames of one direction.
   *
   * @param average rate in kB (1000 bytes) a second, at least 1
   * @param peak highest rate in kB a second, none for the average
   * @param burst what may be sent at the highest rate, in KiB, none for the kernel's own choice
   */
  record Rate(long average, Optional<Long> peak, Optional<Long> burst) {
    public Rate {
      if (average < 1) {
        throw new IllegalArgumentException("a rate of " + average + " kB a second lets nothing by");
      }
    }
  }

  /**
   * Limits what a link carries; for a link that is there already.
   *
   * @param sent limit on what the host sends through it
   * @param received limit on what comes to the host through it
   */
  record LimitTraffic(String device, Optional<Rate> sent, Optional<Rate> received)
      implements LinkStep {
    @Override
    public List<String> descriptors() {
      return List.of();
    }

    @Override
    public String name() {
      return "limit bandwidth";
    }

    @Override
    public String undo() {
      return "remove limit";
    }
  }
}
