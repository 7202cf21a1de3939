package launcher.drivers.qemu.cpu;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import launcher.drivers.qemu.capabilities.Accelerator;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;

/**
 * The CPU of the host as a named model with differences, which another host can be asked for when
 * the guest moves there.
 */
final class HostModel {
  // Features in which the named models have changed with QEMU's version: said, or left as they
  // are, as libvirt 11.3 does.
  private static final Map<String, Set<String>> SAID = Map.of("EPYC", Set.of("monitor", "npt"));
  private static final Map<String, Set<String>> UNSAID =
      Map.of("EPYC-Rome", Set.of("monitor", "topoext"));

  private HostModel() {}

  /** A model and how the host differs from it. */
  private record Choice(X86Model model, Set<String> more, Set<String> less) {
    // what a model promises and the host has not weighs more than what it leaves out
    int distance() {
      return more.size() + 2 * less.size();
    }
  }

  static void put(Guest guest, Props out) {
    Optional<Accelerator.HostCpu> host =
        guest.capabilities().accelerator(guest.domain().type()).hostCpu();
    if (host.isPresent() && guest.machine().s390()) {
      expanded(host.get(), out);
      return;
    }
    Optional<Choice> choice =
        guest.machine().x86()
            ? host.flatMap(h -> nearest(guest, h.properties()))
            : Optional.empty();
    if (choice.isPresent()) {
      put(choice.get(), out);
    } else {
      // QEMU cannot say what the host has, or no model is near: all that can be migrated
      out.put("model", guest.kvm() ? "host" : "max");
      if (guest.machine().x86()) {
        out.put("migratable", true);
      }
    }
  }

  // s390's QEMU expands to a base model and the facilities in which the host differs.
  private static void expanded(Accelerator.HostCpu host, Props out) {
    out.put("model", host.model());
    for (String name : host.properties().names()) {
      out.put(name, host.properties().bool(name, false));
    }
  }

  private static void put(Choice choice, Props out) {
    String name = choice.model().name();
    out.put("model", name);
    Set<String> unsaid = UNSAID.getOrDefault(name, Set.of());
    choice.more().stream().filter(f -> !unsaid.contains(f)).forEach(f -> out.put(f, true));
    SAID.getOrDefault(name, Set.of()).stream()
        .filter(f -> !choice.less().contains(f))
        .forEach(f -> out.put(f, true));
    out.put("hypervisor", true);
    choice.less().stream().filter(f -> !unsaid.contains(f)).forEach(f -> out.put(f, false));
  }

  private static Optional<Choice> nearest(Guest guest, JsonObject host) {
    Set<String> present = features(host);
    Set<String> known =
        guest.capabilities().accelerator(guest.domain().type()).cpuModels().keySet();
    return X86Model.all().stream()
        .filter(m -> known.contains(m.name()))
        .filter(m -> m.vendor().equals(host.string("vendor", "")))
        .map(m -> choice(m, present))
        .min(Comparator.comparingInt(Choice::distance));
  }

  private static Choice choice(X86Model model, Set<String> host) {
    Set<String> more = new TreeSet<>(host);
    more.removeAll(model.features());
    Set<String> less = new TreeSet<>(model.features());
    less.removeAll(host);
    return new Choice(model, more, less);
  }

  // What KVM offers beside the CPU is not the CPU's.
  private static Set<String> features(JsonObject host) {
    Set<String> features = new TreeSet<>();
    for (String name : host.names()) {
      boolean own = !name.startsWith("kvm") && !name.startsWith("hv-");
      if (own
          && !name.equals("migratable")
          && !name.equals("hypervisor")
          && host.bool(name, false)) {
        features.add(name);
      }
    }
    return features;
  }
}
