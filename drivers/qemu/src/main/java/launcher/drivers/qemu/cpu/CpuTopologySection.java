package launcher.drivers.qemu.cpu;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Cpu;
import launcher.schemas.domain.DefaultIothread;
import launcher.schemas.domain.IothreadIds;
import launcher.schemas.domain.Numbers;
import launcher.schemas.domain.Vcpu;

/** {@code -smp} and the I/O threads. */
public final class CpuTopologySection {
  private CpuTopologySection() {}

  /** Writes the number of CPUs and how they are arranged. */
  public static void topology(Guest guest, CommandLine out) {
    Vcpu vcpu = guest.domain().vcpu().orElseThrow();
    long most = Numbers.parse(vcpu.count()).orElse(1);
    long present = present(guest, vcpu.current().orElse(most));
    Props smp = Props.empty().put("cpus", present);
    if (present != most) {
      smp.put("maxcpus", most);
    }
    guest
        .domain()
        .cpu()
        .flatMap(Cpu::topology)
        .ifPresentOrElse(
            t ->
                smp.put("sockets", t.sockets())
                    .put("dies", t.dies())
                    .put("clusters", t.clusters())
                    .put("cores", t.cores())
                    .put("threads", t.threads()),
            () -> smp.put("sockets", most).put("cores", 1).put("threads", 1));
    out.add(vcpu, "-smp", smp.text("cpus"));
  }

  /** CPUs that can be unplugged are added after the start, those that cannot are there at once. */
  private static long present(Guest guest, long current) {
    return guest
        .tree()
        .child("vcpus")
        .map(v ->
            v.children("vcpu").stream()
                .filter(c -> c.is("enabled", "yes") && c.is("hotpluggable", "no"))
                .count())
        .orElse(current);
  }

  /** Writes the I/O threads, and what the main loop may use. */
  public static void ioThreads(Guest guest, CommandLine out) {
    guest.domain().iothreadIds().ifPresent(ids -> ids.iothreads().forEach(t -> ioThread(t, out)));
    guest.domain().defaultIothread().ifPresent(d -> mainLoop(d, out));
  }

  private static void ioThread(IothreadIds.Iothread thread, CommandLine out) {
    Props props =
        Props.of("qom-type", "iothread")
            .put("id", "iothread" + thread.id().orElse(0))
            .put("thread-pool-min", thread.threadPoolMin())
            .put("thread-pool-max", thread.threadPoolMax());
    thread
        .poll()
        .ifPresent(p ->
            props
                .put("poll-max-ns", p.max())
                .put("poll-grow", p.grow())
                .put("poll-shrink", p.shrink()));
    out.add(thread, "-object", props);
  }

  private static void mainLoop(DefaultIothread loop, CommandLine out) {
    out.add(
        loop,
        "-object",
        Props.of("qom-type", "main-loop")
            .put("id", "main-loop")
            .put("thread-pool-min", loop.threadPoolMin())
            .put("thread-pool-max", loop.threadPoolMax()));
  }
}
