package launcher.drivers.qemu.devices;

import java.util.Optional;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.Device;
import launcher.schemas.domain.Interface;
import launcher.schemas.domain.InterfaceDriver;
import launcher.schemas.domain.InterfaceSource;

/** {@code <interface>}: network cards, each after its back end. */
final class NetworkCards {
  /** All of them. */
  static final CommandSection SECTION = NetworkCards::write;

  private NetworkCards() {}

  private static void write(Guest guest, CommandLine out) {
    for (Interface card : guest.devices().interfaces()) {
      if (card.source() instanceof InterfaceSource.Hostdev hostdev) {
        out.add(card, "-device", assigned(guest, card, hostdev));
      } else {
        String backend = NetworkBackends.add(guest, out, card);
        if (isOnBoard(guest, card)) {
          onBoard(out, card, backend);
        } else {
          out.add(card, "-device", card(guest, card, backend));
        }
      }
    }
  }

  // On ARM's old boards whatever has no place on a bus is soldered in.
  private static boolean isOnBoard(Guest guest, Interface card) {
    boolean named = card.model().equals("lan9118") || card.model().equals("smc91c111");
    boolean placed =
        card.address()
            .filter(a -> a instanceof Address.Pci || a instanceof Address.VirtioMmio)
            .isPresent();
    return named || (guest.machine().arm() && !placed);
  }

  // A card that is soldered in gets its back end in the old way.
  private static void onBoard(CommandLine out, Interface card, String backend) {
    Props props =
        Props.of("type", "nic")
            .put("macaddr", card.mac())
            .put("netdev", backend)
            .put("model", card.model())
            .put("id", card.alias());
    out.add(card, "-net", props.text("type"));
  }

  private static Props assigned(Guest guest, Interface card, InterfaceSource.Hostdev hostdev) {
    Props props = Props.of("driver", "vfio-pci");
    if (hostdev.address().orElse(null) instanceof Address.Pci pci) {
      props.put(
          "host",
          "%04x:%02x:%02x.%x".formatted(pci.domain(), pci.bus(), pci.slot(), pci.function()));
    }
    props
        .put("id", card.alias())
        .put("bootindex", card.bootOrder())
        .put("failover_pair_id", card.teamingPartner());
    putAddress(guest, props, card);
    return props;
  }

  private static Props card(Guest guest, Interface card, String backend) {
    Props props = card.isVirtio() ? virtio(guest, card) : Props.of("driver", card.model());
    props
        .put("netdev", backend)
        .put("id", card.alias())
        .put("mac", card.mac())
        .put("bootindex", card.bootOrder());
    props.put("loadparm", card.loadparm());
    putAddress(guest, props, card);
    return props;
  }

  private static void putAddress(Guest guest, Props props, Interface card) {
    DeviceAddresses.put(props, guest, card);
    card.rom().ifPresent(rom -> putRom(props, rom));
  }

  private static void putRom(Props props, Device.Rom rom) {
    if (rom.enabled().filter("no"::equals).isPresent()) {
      props.put("romfile", "");
      return;
    }
    rom.bar().ifPresent(bar -> props.put("rombar", bar.equals("on") ? 1 : 0));
    props.put("romfile", rom.file());
  }

  private static Props virtio(Guest guest, Interface card) {
    Optional<InterfaceDriver> driver = card.driver();
    Props props = Virtio.device(guest, "virtio-net", card.model(), card, driver);
    driver.ifPresent(options -> putOptions(props, options));
    int queues = NetworkBackends.queues(card);
    if (queues > 1) {
      props.put("mq", true);
      // a vector for each queue of either direction, one for control, one for configuration
      if (!Virtio.suffix(card).equals("-ccw")) {
        props.put("vectors", 2L * queues + 2);
      }
    }
    props.put("host_mtu", card.mtu());
    if (card.teamingPersistent()) {
      props.put("failover", true);
    }
    return props;
  }

  private static void putOptions(Props props, InterfaceDriver driver) {
    driver.txMode().ifPresent(mode -> props.put("tx", mode.equals("iothread") ? "bh" : "timer"));
    props.truth("ioeventfd", driver.ioeventfd());
    props.truth("event_idx", driver.eventIdx());
    props.truth("rss", driver.rss());
    props.truth("hash", driver.rssHashReport());
    props.put("rx_queue_size", driver.rxQueueSize()).put("tx_queue_size", driver.txQueueSize());
    driver.host().ifPresent(offloads -> putHostOffloads(props, offloads));
    driver.guest().ifPresent(offloads -> putGuestOffloads(props, offloads));
  }

  private static void putHostOffloads(Props props, InterfaceDriver.Offloads offloads) {
    props.truth("csum", offloads.csum());
    props.truth("gso", offloads.gso());
    props.truth("host_tso4", offloads.tso4());
    props.truth("host_tso6", offloads.tso6());
    props.truth("host_ecn", offloads.ecn());
    props.truth("host_ufo", offloads.ufo());
    props.truth("mrg_rxbuf", offloads.mergeableBuffers());
  }

  private static void putGuestOffloads(Props props, InterfaceDriver.Offloads offloads) {
    props.truth("guest_csum", offloads.csum());
    props.truth("guest_tso4", offloads.tso4());
    props.truth("guest_tso6", offloads.tso6());
    props.truth("guest_ecn", offloads.ecn());
    props.truth("guest_ufo", offloads.ufo());
  }
}
