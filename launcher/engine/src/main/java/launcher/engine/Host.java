package launcher.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.Hypervisor;
import launcher.engine.host.HostCapabilities;
import launcher.engine.qemu.DomainCapabilities;
import launcher.engine.qemu.QemuHypervisor;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlWriter;

/** What this host is and what its emulators can do, asked of the kernel and of each QEMU. */
public final class Host {
  private static final String EMULATOR = "/usr/bin/qemu-system-";
  private static final List<String> ARCHITECTURES =
      List.of("i686", "x86_64", "aarch64", "armv7l", "ppc64", "riscv64", "s390x", "loongarch64");

  private final HostFacts facts;
  private final List<Hypervisor> hypervisors;

  Host(HostFacts facts, List<Hypervisor> hypervisors) {
    this.facts = facts;
    this.hypervisors = List.copyOf(hypervisors);
  }

  /**
   * For what domain somebody asks.
   *
   * @param type {@code qemu} or {@code kvm}; without it KVM where it can be used
   * @param emulator without it the architecture's
   * @param arch without it the host's
   * @param machine without it the emulator's own choice
   */
  public record Wanted(
      Optional<String> type,
      Optional<Path> emulator,
      Optional<String> arch,
      Optional<String> machine) {
    /** Whatever the host would take. */
    public static final Wanted ANYTHING =
        new Wanted(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private QemuHypervisor qemu() {
    for (Hypervisor hypervisor : hypervisors) {
      if (hypervisor instanceof QemuHypervisor found) {
        return found;
      }
    }
    throw new EngineException(Kind.INVALID, "nothing here runs QEMU");
  }

  /** {@code <capabilities>} (libvirt formatcaps). */
  public String capabilities() {
    List<HostCapabilities.Emulator> emulators = new ArrayList<>();
    for (String arch : ARCHITECTURES) {
      Path binary = emulator(arch);
      if (Files.isExecutable(binary)) {
        emulators.add(new HostCapabilities.Emulator(arch, binary, qemu().capabilities(binary)));
      }
    }
    return XmlWriter.write(HostCapabilities.read(facts.architecture(), emulators));
  }

  private static Path emulator(String arch) {
    String name =
        switch (arch) {
          case "i686" -> "i386";
          case "armv7l" -> "arm";
          default -> arch;
        };
    return Path.of(EMULATOR + name);
  }

  /**
   * {@code <domainCapabilities>} (libvirt formatdomaincaps): what a domain of a type may be on a
   * machine of an emulator.
   *
   * @throws EngineException when there is no such emulator or machine
   */
  public XmlElement domainCapabilities(Wanted wanted) {
    String arch = wanted.arch().orElse(facts.architecture());
    Path binary = wanted.emulator().orElseGet(() -> emulator(arch));
    if (!binary.isAbsolute()) {
      throw new EngineException(
          Kind.INVALID, "an emulator is named by its whole path, not '" + binary + "'");
    }
    QemuCapabilities can = qemu().capabilities(binary);
    String type = wanted.type().orElse(can.kvm() ? "kvm" : "qemu");
    if (!type.equals("kvm") && !type.equals("qemu")) {
      throw new EngineException(
          Kind.INVALID, "'" + binary + "' runs domains of type kvm and qemu, not '" + type + "'");
    }
    if (type.equals("kvm") && !can.kvm()) {
      throw new EngineException(
          Kind.INVALID, "KVM cannot be used here: /dev/kvm is not there or not accessible");
    }
    return new DomainCapabilities(can, type, arch, binary, QemuHypervisor.firmware())
        .of(wanted.machine());
  }

  /** The version of the QEMU that runs a guest of this host's architecture, if there is one. */
  public Optional<String> emulatorVersion() {
    Path binary = emulator(facts.architecture());
    return Files.isExecutable(binary)
        ? Optional.of(qemu().capabilities(binary).version().toString())
        : Optional.empty();
  }
}
