package launcher.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import launcher.engine.guest.ActiveRun;
import launcher.engine.lxc.ContainerRunning;
import launcher.engine.qemu.QemuRunning;
import launcher.schemas.XmlElement;

/**
 * A guest's numbers under virsh's names ({@code domstats}). A guest that does not answer gives what
 * the host knows of it, at once.
 */
public final class GuestStatistics {
  private final SequencedMap<String, Object> values = new LinkedHashMap<>();

  private GuestStatistics() {}

  static SequencedMap<String, Object> of(Guest guest, StatisticsWish wish) {
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
              statistics.asked(guest, qemu, domain, wish);
            }
          });
    }
    return statistics.values;
  }

  // One that stops answering, or ends, while it is asked keeps nobody from the others' numbers.
  private void asked(Guest guest, QemuRunning qemu, XmlElement domain, StatisticsWish wish) {
    try {
      new EmulatorStatistics(guest, values).all(wish);
      DiskStatistics.add(qemu.monitor(), domain, wish.backing(), values);
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
    EmulatorStatistics.processor(run.record().pid(), values);
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
}
