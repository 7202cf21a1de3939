package launcher.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.guest.ActiveRun;
import launcher.engine.lxc.ContainerRunning;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.ProcessIdentity;
import launcher.schemas.XmlElement;
import org.jspecify.annotations.Nullable;

/**
 * A guest's numbers under virsh's names ({@code domstats}). A guest that does not answer gives what
 * the host knows of it, at once.
 */
public final class GuestStatistics {
  /** Clock ticks are hundredths of a second on every Linux launcher runs on (USER_HZ). */
  private static final long NANOSECONDS_PER_TICK = 10_000_000;

  private final SequencedMap<String, Object> values = new LinkedHashMap<>();

  private GuestStatistics() {}

  static SequencedMap<String, Object> of(Guest guest) {
    GuestStatistics statistics = new GuestStatistics();
    GuestState state = guest.state();
    statistics.values.put("state.state", state.phase().words());
    statistics.values.put("state.reason", state.reason());
    Optional<ActiveRun> run = guest.life().run();
    run.ifPresent(statistics::processor);
    XmlElement domain = guest.tree(XmlView.LIVE);
    statistics.configured(domain);
    if (state.active() && state.answering()) {
      run.map(ActiveRun::running)
          .ifPresent(running -> {
            if (running instanceof ContainerRunning container) {
              container
                  .memory()
                  .forEach((name, kib) -> statistics.values.put("balloon." + name, kib));
            }
            if (running instanceof QemuRunning qemu) {
              statistics.asked(qemu.monitor(), domain);
            }
          });
    }
    return statistics.values;
  }

  // One that stops answering, or ends, while it is asked keeps nobody from the others' numbers.
  private void asked(QemuMonitor monitor, XmlElement domain) {
    try {
      balloon(monitor);
      blocks(monitor, domain);
    } catch (EngineException e) {
      if (e.kind() == EngineException.Kind.FAILED) {
        throw e;
      }
    }
  }

  private void processor(ActiveRun run) {
    if (run.running() instanceof ContainerRunning container) {
      values.putAll(container.statistics());
      return;
    }
    ProcessIdentity.of(run.record().pid())
        .ifPresent(process -> values.put("cpu.time", process.ticks() * NANOSECONDS_PER_TICK));
  }

  private void configured(XmlElement domain) {
    domain
        .value("currentMemory")
        .or(() -> domain.value("memory"))
        .flatMap(GuestStatistics::number)
        .ifPresent(kib -> values.put("balloon.current", kib));
    domain
        .value("memory")
        .flatMap(GuestStatistics::number)
        .ifPresent(kib -> values.put("balloon.maximum", kib));
    domain
        .value("vcpu/@current")
        .or(() -> domain.value("vcpu"))
        .flatMap(GuestStatistics::number)
        .ifPresent(count -> values.put("vcpu.current", count));
    domain
        .value("vcpu")
        .flatMap(GuestStatistics::number)
        .ifPresent(count -> values.put("vcpu.maximum", count));
    List<XmlElement> cards = domain.childOrAdd("devices").children("interface");
    values.put("net.count", cards.size());
    for (int i = 0; i < cards.size(); i++) {
      String prefix = "net." + i + ".";
      cards
          .get(i)
          .value("target/@dev")
          .ifPresent(name -> {
            values.put(prefix + "name", name);
            NetworkCounters.read(name).forEach((key, value) -> values.put(prefix + key, value));
          });
    }
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private void balloon(QemuMonitor monitor) {
    monitor
        .tryAsk("query-balloon", Props.empty(), QemuMonitor.QUESTION)
        .ifPresent(answer ->
            values.put("balloon.current", answer.object("return").number("actual", 0) / 1024));
  }

  private void blocks(QemuMonitor monitor, XmlElement domain) {
    JsonObject answer = monitor.answer("query-blockstats", Props.empty(), QemuMonitor.QUESTION);
    List<XmlElement> disks = domain.childOrAdd("devices").children("disk");
    values.put("block.count", disks.size());
    for (int i = 0; i < disks.size(); i++) {
      XmlElement disk = disks.get(i);
      String prefix = "block." + i + ".";
      values.put(prefix + "name", disk.value("target/@dev", ""));
      disk.value("source/@file")
          .or(() -> disk.value("source/@dev"))
          .ifPresent(path -> values.put(prefix + "path", path));
      String alias = disk.value("alias/@name", "");
      for (JsonObject device : answer.objects("return")) {
        if (ofAlias(device.string("qdev", ""), alias)) {
          counters(prefix, device.object("stats"));
        }
      }
    }
  }

  /** Whether a path of QEMU's object tree is that of a device: {@code /machine/peripheral/ID/…}. */
  static boolean ofAlias(String path, String alias) {
    return !alias.isEmpty() && (path + "/").contains("/" + alias + "/");
  }

  private void counters(String prefix, JsonObject stats) {
    Map<String, String> names =
        Map.of(
            "rd_operations",
            "rd.reqs",
            "rd_bytes",
            "rd.bytes",
            "rd_total_time_ns",
            "rd.times",
            "wr_operations",
            "wr.reqs",
            "wr_bytes",
            "wr.bytes",
            "wr_total_time_ns",
            "wr.times",
            "flush_operations",
            "fl.reqs",
            "flush_total_time_ns",
            "fl.times");
    for (String name : stats.names()) {
      @Nullable String ours = names.get(name);
      if (ours != null) {
        values.put(prefix + ours, stats.number(name, 0));
      }
    }
  }
}
