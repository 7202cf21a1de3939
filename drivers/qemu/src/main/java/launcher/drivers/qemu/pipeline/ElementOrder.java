package launcher.drivers.qemu.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** The order of elements in a completed definition, the one people know from libvirt. */
final class ElementOrder {
  private static final List<String> TOP =
      List.of(
          "name",
          "uuid",
          "genid",
          "title",
          "description",
          "metadata",
          "maxMemory",
          "memory",
          "currentMemory",
          "blkiotune",
          "memtune",
          "memoryBacking",
          "vcpu",
          "vcpus",
          "iothreads",
          "iothreadids",
          "defaultiothread",
          "cputune",
          "numatune",
          "resource",
          "sysinfo",
          "bootloader",
          "bootloader_args",
          "os",
          "idmap",
          "throttlegroups",
          "features",
          "cpu",
          "clock",
          "on_poweroff",
          "on_reboot",
          "on_crash",
          "on_lockfailure",
          "pm",
          "perf",
          "devices",
          "seclabel",
          "keywrap",
          "launchSecurity");
  private static final List<String> DEVICES =
      List.of(
          "emulator",
          "disk",
          "controller",
          "lease",
          "filesystem",
          "interface",
          "smartcard",
          "serial",
          "parallel",
          "console",
          "channel",
          "input",
          "tpm",
          "graphics",
          "sound",
          "audio",
          "video",
          "hostdev",
          "redirdev",
          "redirfilter",
          "hub",
          "watchdog",
          "memballoon",
          "rng",
          "nvram",
          "panic",
          "shmem",
          "memory",
          "iommu",
          "vsock",
          "crypto",
          "pstore");
  private static final List<String> OS =
      List.of(
          "type",
          "firmware",
          "init",
          "initarg",
          "initenv",
          "initdir",
          "inituser",
          "initgroup",
          "loader",
          "nvram",
          "kernel",
          "initrd",
          "cmdline",
          "dtb",
          "shim",
          "acpi",
          "boot",
          "bootmenu",
          "smbios",
          "bios");

  private ElementOrder() {}

  static void sort(Draft draft) {
    sort(draft.domain(), TOP);
    sort(draft.devices(), DEVICES);
    draft.domain().child("os").ifPresent(os -> sort(os, OS));
  }

  private static void sort(XmlElement parent, List<String> order) {
    List<XmlElement> children = new ArrayList<>(parent.children());
    // the sort is stable: elements of one name keep their order, unknown ones come last
    children.sort(Comparator.comparingInt(c -> place(order, c)));
    parent.reorder(children);
  }

  private static int place(List<String> order, XmlElement element) {
    int place = element.namespace().isEmpty() ? order.indexOf(element.name()) : -1;
    return place < 0 ? order.size() : place;
  }
}
