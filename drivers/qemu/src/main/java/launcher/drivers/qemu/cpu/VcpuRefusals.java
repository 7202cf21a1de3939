package launcher.drivers.qemu.cpu;

import java.util.List;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** CPUs that are described one by one and cannot be so. */
final class VcpuRefusals {
  private VcpuRefusals() {}

  static void check(Draft draft) {
    List<XmlElement> vcpus =
        draft.domain().child("vcpus").map(v -> v.children("vcpu")).orElse(List.of());
    long most = Numbers.parse(draft.domain().value("vcpu", "1")).orElse(1);
    interrupts(draft, most);
    boolean anyOrder = vcpus.stream().anyMatch(v -> v.is("enabled", "yes") && v.has("order"));
    boolean pluggableBefore = false;
    for (XmlElement vcpu : vcpus) {
      long id = number(vcpu, "id", 0);
      boolean on = vcpu.is("enabled", "yes");
      if (id >= most) {
        draft.refuse(vcpu, "vcpu id '%d' is out of range of maximum vcpu count".formatted(id));
      }
      if (id == 0 && !on) {
        draft.refuse(vcpu, "vcpu0 can't be offline");
      }
      if (id == 0 && vcpu.is("hotpluggable", "yes")) {
        draft.refuse(vcpu, "vcpu0 can't be hotpluggable");
      }
      if (id == 0 && number(vcpu, "order", 1) != 1) {
        draft.refuse(vcpu, "vcpu0 must be enabled first");
      }
      if (!on && vcpu.is("hotpluggable", "no")) {
        draft.refuse(vcpu, "vcpu '%d' is both offline and not hotpluggable".formatted(id));
      }
      if (on && anyOrder && !vcpu.has("order")) {
        draft.refuse(vcpu, "all vcpus must have either set or unset order");
      }
      boolean fixed = vcpu.is("hotpluggable", "no");
      if (fixed && pluggableBefore && id > 0) {
        draft.refuse(
            vcpu, "online non-hotpluggable vcpus need to be ordered prior to hotplugable vcpus");
      }
      pluggableBefore = pluggableBefore || (vcpu.is("hotpluggable", "yes") && on);
    }
  }

  // An APIC's id has eight bits; more CPUs need interrupts that are remapped.
  private static void interrupts(Draft draft, long most) {
    if (!draft.machine().x86() || most <= ManyCpus.MOST_WITHOUT_REMAPPING) {
      return;
    }
    XmlElement vcpu = draft.domain().childOrAdd("vcpu");
    boolean extended =
        draft.devices("iommu").stream().anyMatch(i -> i.value("driver/@eim", "").equals("on"));
    if (!draft.machine().q35()) {
      draft.refuse(
          vcpu,
          "more than %d vCPUs are only supported on q35-based machine types"
              .formatted(ManyCpus.MOST_WITHOUT_REMAPPING));
    } else if (!extended) {
      draft.refuse(
          vcpu,
          "more than %d vCPUs require extended interrupt mode enabled on the iommu device"
              .formatted(ManyCpus.MOST_WITHOUT_REMAPPING));
    }
  }

  private static long number(XmlElement element, String attribute, long absent) {
    return Numbers.parse(element.attribute(attribute, "")).orElse(absent);
  }
}
