package launcher.drivers.qemu.devices;

import java.util.OptionalLong;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Video;

/** Graphics cards. */
final class VideoCards {
  /** All of them. */
  static final CommandSection SECTION = VideoCards::write;

  private VideoCards() {}

  private static void write(Guest guest, CommandLine out) {
    for (Video video : guest.devices().videos()) {
      if (video.model().equals("none")) {
        continue;
      }
      Props props = card(guest, video).put("id", video.alias());
      putMemory(props, video);
      if (video.vhostUser()) {
        props.put("chardev", vhostUser(out, video));
      }
      video.resolution().ifPresent(size -> props.put("xres", size.x()).put("yres", size.y()));
      DeviceAddresses.put(props, guest, video);
      out.add(video, "-device", props);
    }
  }

  private static Props card(Guest guest, Video video) {
    return switch (video.model()) {
      case "virtio" -> virtio(guest, video);
      case "qxl" -> Props.of("driver", video.primary() ? "qxl-vga" : "qxl");
      case "vga" -> Props.of("driver", "VGA");
      case "cirrus" -> Props.of("driver", "cirrus-vga");
      case "vmvga" -> Props.of("driver", "vmware-svga");
      case "bochs" -> Props.of("driver", "bochs-display");
      default -> Props.of("driver", video.model());
    };
  }

  private static Props virtio(Guest guest, Video video) {
    String family = video.vhostUser() ? "vhost-user" : "virtio";
    boolean vga = video.primary() && guest.capabilities().has(family + "-vga");
    boolean accelerated = !video.vhostUser() && video.accel3d().orElse(false);
    String base = vga ? family + "-vga" : family + "-gpu";
    boolean gl = accelerated && guest.capabilities().has(vga ? base + "-gl" : base + "-gl-pci");
    Props props =
        vga
            ? vga(gl ? base + "-gl" : base, video)
            : Virtio.device(guest, gl ? base + "-gl" : base, "virtio", video, video.driver());
    // before QEMU 6.1 the card was one, with a switch
    if (!gl && guest.capabilities().has("virtio-gpu-pci", "virgl") && !video.vhostUser()) {
      props.truth("virgl", video.accel3d());
    }
    return props;
  }

  private static Props vga(String driver, Video video) {
    Props props = Props.of("driver", driver);
    if (!video.vhostUser()) {
      video.driver().ifPresent(options -> Virtio.putOptions(props, options));
    }
    return props;
  }

  private static void putMemory(Props props, Video video) {
    switch (video.model()) {
      case "qxl" -> {
        putHeads(props, video);
        props
            .put("ram_size", times(video.ramKib(), 1024))
            .put("vram_size", times(video.vramKib(), 1024))
            .put("vram64_size_mb", video.vram64Kib().orElse(0) / 1024)
            .put("vgamem_mb", video.vgamemKib().orElse(0) / 1024);
      }
      case "virtio" -> {
        putHeads(props, video);
        props.truth("blob", video.blob());
      }
      case "vga", "vmvga" -> video.vramKib().ifPresent(vram -> props.put("vgamem_mb", vram / 1024));
      case "bochs" -> props.put("vgamem", times(video.vramKib(), 1024));
      default -> {
        // the others have no choice
      }
    }
  }

  private static void putHeads(Props props, Video video) {
    if (video.heads() > 0) {
      props.put("max_outputs", video.heads());
    }
  }

  private static OptionalLong times(OptionalLong value, long factor) {
    return value.isPresent() ? OptionalLong.of(value.getAsLong() * factor) : value;
  }

  // The process that draws is started before, and its socket is passed.
  private static String vhostUser(CommandLine out, Video video) {
    String chardev = "chr-vu-" + video.alias();
    int descriptor = out.pass("vhost-user-gpu " + video.alias());
    out.add(
        video,
        "-chardev",
        Props.of("backend", "socket").put("id", chardev).put("fd", descriptor).text("backend"));
    return chardev;
  }
}
