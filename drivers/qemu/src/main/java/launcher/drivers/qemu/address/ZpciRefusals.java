package launcher.drivers.qemu.address;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Identities of s390 PCI functions that cannot be (QEMU docs/system/s390x/vfio, zpci device). */
final class ZpciRefusals {
  private static final long HIGHEST_UID = 0xffff;
  private static final long HIGHEST_FID = 0xffff_ffffL;

  private final Draft draft;
  private final Set<Long> uids = new HashSet<>();
  private final Set<Long> fids = new HashSet<>();

  private ZpciRefusals(Draft draft) {
    this.draft = draft;
  }

  static void check(Draft draft) {
    ZpciRefusals refusals = new ZpciRefusals(draft);
    for (XmlElement device : draft.devices().children()) {
      device.at("address/zpci").ifPresent(refusals::check);
    }
  }

  private void check(XmlElement zpci) {
    Optional<String> uid = zpci.attribute("uid");
    Optional<String> fid = zpci.attribute("fid");
    uid.ifPresent(text -> check(zpci, "uid", text, 1, HIGHEST_UID, uids));
    fid.ifPresent(text -> check(zpci, "fid", text, 0, HIGHEST_FID, fids));
  }

  private void check(
      XmlElement zpci, String attribute, String text, long lowest, long highest, Set<Long> seen) {
    OptionalLong value = Numbers.parse(text);
    if (value.isEmpty() || value.getAsLong() < lowest || value.getAsLong() > highest) {
      draft.refuse(
          zpci,
          "PCI %s '%s' must be between 0x%x and 0x%x".formatted(attribute, text, lowest, highest));
    } else if (!seen.add(value.getAsLong())) {
      draft.refuse(zpci, "zPCI %s '%s' is used by two devices".formatted(attribute, text));
    }
  }
}
