package launcher.drivers.qemu.devices;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What graphics cards cannot be. */
final class VideoRefusals {
  private static final Set<String> ONLY_FIRST = Set.of("vga", "cirrus", "vmvga", "bochs", "ramfb");
  private static final Set<String> FOREIGN = Set.of("xen", "vbox", "gop", "parallels");
  private static final Set<String> RESOLVED = Set.of("vga", "bochs", "qxl", "virtio", "none");
  private static final long KIB_PER_MIB = 1024;

  private VideoRefusals() {}

  /** As written: there is one first card at most. */
  static void checkWritten(Draft draft) {
    List<XmlElement> first =
        draft.devices("video").stream()
            .filter(v -> v.value("model/@primary", "").equals("yes"))
            .toList();
    if (first.size() > 1) {
      draft.refuse(first.get(1), "only one graphics card can be the primary one");
    }
  }

  /** Looks at all cards. */
  static void check(Draft draft) {
    List<XmlElement> all = draft.devices("video");
    for (int i = 0; i < all.size(); i++) {
      XmlElement video = all.get(i);
      String type = video.value("model/@type", "");
      if (type.equals("none") && all.size() > 1) {
        draft.refuse(video, "video type 'none' must be the only graphics card of the guest");
      }
      if (FOREIGN.contains(type)) {
        draft.refuse(video, "QEMU has no graphics card of type '%s'".formatted(type));
      }
      if (i > 0 && ONLY_FIRST.contains(type)) {
        draft.refuse(
            video, "a graphics card of type '%s' can only be the primary one".formatted(type));
      }
      if (type.equals("ramfb") && video.hasChild("address")) {
        draft.refuse(video, "video type '%s' has no address".formatted(type));
      }
      if (video.value("driver/@name", "").equals("vhostuser") && !type.equals("virtio")) {
        draft.refuse(video, "driver 'vhostuser' is only for video type 'virtio'");
      }
      options(draft, video, type);
    }
  }

  private static void options(Draft draft, XmlElement video, String type) {
    XmlElement model = video.childOrAdd("model");
    if (!type.equals("qxl")) {
      for (String attribute : List.of("ram", "vram64", "vgamem")) {
        if (model.has(attribute)) {
          draft.refuse(video, "attribute '%s' is only for video type 'qxl'".formatted(attribute));
        }
      }
    }
    if (!type.equals("virtio")) {
      video
          .child("driver")
          .ifPresent(driver ->
              List.of("iommu", "ats", "packed", "page_per_vq").stream()
                  .filter(driver::has)
                  .forEach(
                      o -> draft.refuse(driver, "%s is only for virtio devices".formatted(o))));
    }
    if (model.value("acceleration/@accel2d", "").equals("yes")) {
      draft.refuse(video, "QEMU's graphics cards have no 2D acceleration to be set");
    }
    if (model.hasChild("resolution") && !RESOLVED.contains(type)) {
      draft.refuse(
          video,
          "video type '%s' has no resolution that could be set: it has no <resolution>"
              .formatted(type));
    }
    if (!type.equals("virtio") && model.has("blob")) {
      draft.refuse(video, "attribute 'blob' is only for video type 'virtio'");
    }
    if (!type.equals("virtio") && model.value("acceleration/@accel3d", "").equals("yes")) {
      draft.refuse(video, "video type '%s' has no 3D acceleration".formatted(type));
    }
    boolean several = type.equals("qxl") || type.equals("virtio");
    if (!several && Numbers.parse(model.attribute("heads", "1")).orElse(1) > 1) {
      draft.refuse(video, "video type '%s' does not support multiple 'heads'".formatted(type));
    }
    if (model.value("acceleration/@rendernode").isPresent()
        && !video.value("driver/@name", "").equals("vhostuser")) {
      draft.refuse(video, "unsupported rendernode accel attribute without 'vhostuser'");
    }
    OptionalLong vram = Numbers.parse(model.attribute("vram", ""));
    if ((type.equals("vga") || type.equals("vmvga")) && vram.orElse(KIB_PER_MIB) < KIB_PER_MIB) {
      draft.refuse(video, "value for 'vram' must be at least 1 MiB (1024 KiB)");
    }
    if (model.is("blob", "on")
        && !draft.domain().value("memoryBacking/source/@type", "").equals("memfd")) {
      draft.refuse(video, "blob='on' requires memory of <memoryBacking><source type='memfd'/>");
    }
    model
        .child("resolution")
        .filter(r -> r.is("x", "0") || r.is("y", "0"))
        .ifPresent(r -> draft.refuse(r, "video resolution values must be greater than 0"));
    OptionalLong vgamem = Numbers.parse(model.attribute("vgamem", ""));
    if (vgamem.isPresent() && vgamem.getAsLong() < KIB_PER_MIB) {
      draft.refuse(video, "vgamem must be at least 1 MiB (1024 KiB)");
    } else if (vgamem.isPresent() && Long.bitCount(vgamem.getAsLong()) != 1) {
      draft.refuse(video, "vgamem must be a power of two");
    }
  }
}
