package launcher.drivers.qemu.cpu;

import java.util.Optional;
import java.util.OptionalLong;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Features;
import launcher.schemas.domain.Hyperv;

/** What Windows expects of a hypervisor, as features of {@code -cpu}. */
final class HypervSection {
  private HypervSection() {}

  static void put(Hyperv hyperv, Props cpu) {
    if (hyperv.mode().filter("passthrough"::equals).isPresent()) {
      cpu.put("hv-passthrough", true);
    }
    flag("hv-relaxed", hyperv.relaxed(), cpu);
    flag("hv-vapic", hyperv.vapic(), cpu);
    hyperv
        .spinlocks()
        .filter(s -> on(s.state()))
        .map(Hyperv.Spinlocks::retries)
        .filter(OptionalLong::isPresent)
        .ifPresent(r -> cpu.put("hv-spinlocks", "0x" + Long.toHexString(r.getAsLong())));
    flag("hv-vpindex", hyperv.vpindex(), cpu);
    flag("hv-runtime", hyperv.runtime(), cpu);
    flag("hv-synic", hyperv.synic(), cpu);
    hyperv
        .stimer()
        .filter(s -> on(s.state()))
        .ifPresent(s -> {
          cpu.put("hv-stimer", true);
          flag("hv-stimer-direct", s.direct(), cpu);
        });
    flag("hv-reset", hyperv.reset(), cpu);
    hyperv
        .vendorId()
        .filter(v -> on(v.state()))
        .flatMap(Hyperv.Vendor::value)
        .ifPresent(v -> cpu.put("hv-vendor-id", v));
    flag("hv-frequencies", hyperv.frequencies(), cpu);
    flag("hv-reenlightenment", hyperv.reenlightenment(), cpu);
    hyperv.tlbflush().filter(t -> on(t.state())).ifPresent(t -> flush(t, cpu));
    flag("hv-ipi", hyperv.ipi(), cpu);
    flag("hv-evmcs", hyperv.evmcs(), cpu);
    flag("hv-avic", hyperv.avic(), cpu);
    flag("hv-emsr-bitmap", hyperv.emsrBitmap(), cpu);
    flag("hv-xmm-input", hyperv.xmmInput(), cpu);
  }

  private static void flush(Hyperv.Tlbflush flush, Props cpu) {
    cpu.put("hv-tlbflush", true);
    flag("hv-tlbflush-direct", flush.direct(), cpu);
    flag("hv-tlbflush-ext", flush.extended(), cpu);
  }

  private static boolean on(Optional<String> state) {
    return state.filter("on"::equals).isPresent();
  }

  private static void flag(String name, Optional<Features.Flag> flag, Props cpu) {
    if (CpuSection.on(flag)) {
      cpu.put(name, true);
    }
  }
}
