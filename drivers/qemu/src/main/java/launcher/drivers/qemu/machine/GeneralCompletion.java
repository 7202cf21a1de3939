package launcher.drivers.qemu.machine;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.capabilities.MachineType;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.schemas.Uuids;
import launcher.schemas.XmlElement;

/** What the top of a definition says when it leaves it unsaid. */
public final class GeneralCompletion {
  /** The rules, in their order. */
  public static final List<DraftRule> RULES =
      List.of(
          GeneralCompletion::identity,
          GeneralCompletion::metadata,
          GeneralCompletion::machine,
          GeneralCompletion::emulator,
          GeneralCompletion::vcpus,
          GeneralCompletion::lifecycle,
          GeneralCompletion::generationId,
          SecurityLabels::complete);

  private GeneralCompletion() {}

  private static void identity(Draft draft) {
    // the id of a running guest is not part of its definition
    draft.domain().unset("id");
    if (!draft.domain().hasChild("uuid")) {
      draft.domain().add("uuid").text(draft.random().uuid());
    }
  }

  /** Of each foreign name space one element is kept; one without a name space has no owner. */
  private static void metadata(Draft draft) {
    Set<String> seen = new HashSet<>();
    for (XmlElement metadata : draft.domain().children("metadata")) {
      for (XmlElement child : List.copyOf(metadata.children())) {
        if (child.namespace().isEmpty() || !seen.add(child.namespace())) {
          child.detach();
        }
      }
    }
  }

  /** Where QEMU has no usual machine itself: the one that libvirt takes. */
  private static final Map<String, String> USUAL_MACHINES =
      Map.of(
          "aarch64", "integratorcp",
          "armv6l", "integratorcp",
          "armv7l", "integratorcp",
          "loongarch64", "virt",
          "riscv32", "spike",
          "riscv64", "spike",
          "s390x", "s390-ccw-virtio");

  private static void machine(Draft draft) {
    XmlElement type = draft.domain().childOrAdd("os").childOrAdd("type");
    if (type.text().isEmpty()) {
      type.text("hvm");
    }
    type.setDefault("arch", draft.host().arch());
    if (!type.has("machine")) {
      String name =
          draft
              .capabilities()
              .defaultMachine(draft.type())
              .map(m -> m.alias().orElse(m.name()))
              .or(() -> Optional.ofNullable(USUAL_MACHINES.get(type.attribute("arch", ""))))
              .orElse("");
      if (!name.isEmpty()) {
        type.set("machine", name);
      }
    }
    if (draft.host().resolveMachineAliases()) {
      draft
          .capabilities()
          .machine(draft.type(), type.attribute("machine", ""))
          .map(MachineType::name)
          .ifPresent(name -> type.set("machine", name));
    }
  }

  private static void emulator(Draft draft) {
    if (!draft.devices().hasChild("emulator")) {
      String path = draft.host().settings().text("emulator").orElse("/usr/bin/");
      String name = path.endsWith("/") ? path + draft.machine().emulator() : path;
      draft.devices().addFirst(XmlElement.of("emulator")).text(name);
    }
  }

  private static void vcpus(Draft draft) {
    XmlElement vcpu = draft.domain().childOrAdd("vcpu");
    if (vcpu.text().isEmpty()) {
      vcpu.text("1");
    }
    boolean auto = draft.domain().value("numatune/memory/@placement", "").equals("auto");
    if (auto && !vcpu.has("cpuset")) {
      vcpu.set("placement", "auto"); // CPUs without a place go where the memory goes
    }
    vcpu.setDefault("placement", "static");
    if (vcpu.is("placement", "auto")) {
      vcpu.unset("cpuset"); // the place is chosen at each start
    }
    draft.domain().child("vcpus").ifPresent(each -> vcpu.set("current", enabled(each)));
    if (vcpu.is("current", vcpu.text())) {
      vcpu.unset("current");
    }
  }

  private static long enabled(XmlElement vcpus) {
    return vcpus.children("vcpu").stream().filter(v -> v.is("enabled", "yes")).count();
  }

  private static void lifecycle(Draft draft) {
    XmlElement domain = draft.domain();
    if (!domain.hasChild("on_poweroff")) {
      domain.add("on_poweroff").text("destroy");
    }
    if (!domain.hasChild("on_reboot")) {
      domain.add("on_reboot").text("restart");
    }
    if (!domain.hasChild("on_crash")) {
      domain.add("on_crash").text("destroy");
    }
  }

  private static void generationId(Draft draft) {
    draft
        .domain()
        .child("genid")
        .filter(g -> g.text().isBlank())
        .ifPresent(g -> g.text(draft.random().uuid()));
    draft.domain().child("genid").ifPresent(g -> Uuids.canonical(g.text()).ifPresent(g::text));
  }
}
