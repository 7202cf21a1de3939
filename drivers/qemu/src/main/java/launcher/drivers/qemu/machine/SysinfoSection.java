package launcher.drivers.qemu.machine;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Os;
import launcher.schemas.domain.Sysinfo;

/** {@code -smbios} and {@code -fw_cfg}: what the guest reads of the machine it runs on. */
public final class SysinfoSection {
  private SysinfoSection() {}

  /** Writes the tables, where the definition and not the host provides them. */
  public static void write(Guest guest, CommandLine out) {
    boolean tables =
        guest
            .domain()
            .os()
            .flatMap(Os::smbios)
            .flatMap(Os.Smbios::mode)
            .filter("sysinfo"::equals)
            .isPresent();
    for (Sysinfo info : guest.domain().sysinfo()) {
      if (info.type().filter("fwcfg"::equals).isPresent()) {
        info.entries().forEach(e -> firmwareFile(e, out));
      } else if (tables) {
        smbios(info, out);
      }
    }
  }

  private static void smbios(Sysinfo info, CommandLine out) {
    info.bios().ifPresent(b -> table(0, b, out));
    info.system().ifPresent(s -> table(1, s, out));
    info.baseBoards().forEach(b -> table(2, b, out));
    info.chassis().ifPresent(c -> table(3, c, out));
    info.oemStrings()
        .ifPresent(o -> {
          StringBuilder text = new StringBuilder("type=11");
          o.entries().forEach(e -> text.append(",value=").append(Props.escape(e.value())));
          out.add(o, "-smbios", text.toString());
        });
  }

  private static void table(int type, Sysinfo.Block block, CommandLine out) {
    Props props = Props.empty().put("type", type);
    for (Sysinfo.Entry entry : block.entries()) {
      String name = entry.name().orElse("");
      props.put(name, entry.value());
    }
    out.add(block, "-smbios", props.text(""));
  }

  private static void firmwareFile(Sysinfo.Entry entry, CommandLine out) {
    Props props = Props.empty().put("name", entry.name());
    if (entry.file().isPresent()) {
      props.put("file", entry.file());
    } else {
      props.put("string", entry.value());
    }
    out.add(entry, "-fw_cfg", props.text(""));
  }
}
