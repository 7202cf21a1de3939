package launcher.drivers.qemu.address;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** On s390 each PCI function has two numbers of its own, which the guest knows it by. */
final class ZpciIdentities {
  private final XmlElement devices;
  private final Set<Long> uids = new HashSet<>();
  private final Set<Long> fids = new HashSet<>();

  private ZpciIdentities(XmlElement devices) {
    this.devices = devices;
  }

  /** Completes a draft: numbers that are given are kept, others are the next free ones. */
  static void complete(Draft draft) {
    if (draft.machine().s390() && draft.capabilities().has("zpci")) {
      new ZpciIdentities(draft.devices()).complete();
    }
  }

  private void complete() {
    List<XmlElement> bare = new ArrayList<>();
    List<XmlElement> begun = new ArrayList<>();
    for (XmlElement device : VirtioTransports.inOrder(devices)) {
      device
          .child("address")
          .filter(a -> a.is("type", "pci"))
          .ifPresent(a -> (isBegun(a) ? begun : bare).add(a));
    }
    begun.forEach(this::take);
    begun.forEach(this::fill);
    bare.forEach(this::fill);
  }

  private static boolean isBegun(XmlElement address) {
    return address.child("zpci").filter(z -> z.has("uid") || z.has("fid")).isPresent();
  }

  private void take(XmlElement address) {
    Numbers.parse(address.value("zpci/@uid", "")).ifPresent(uids::add);
    Numbers.parse(address.value("zpci/@fid", "")).ifPresent(fids::add);
  }

  private void fill(XmlElement address) {
    XmlElement zpci = address.childOrAdd("zpci");
    long uid = Numbers.parse(zpci.attribute("uid", "")).orElseGet(() -> next(uids, 1));
    long fid = Numbers.parse(zpci.attribute("fid", "")).orElseGet(() -> next(fids, 0));
    zpci.set("uid", "0x%04x".formatted(uid)).set("fid", "0x%08x".formatted(fid));
  }

  private static long next(Set<Long> taken, long lowest) {
    long number = lowest;
    while (!taken.add(number)) {
      number++;
    }
    return number;
  }
}
