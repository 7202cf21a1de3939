package launcher.drivers.qemu.capabilities;

/**
 * Architecture and machine type, and what follows from them for every guest.
 *
 * @param arch in libvirt's names: {@code x86_64}, {@code aarch64}, {@code armv7l} …
 * @param name machine type as written, version or alias
 */
public record Machine(String arch, String name) {
  /** PC with an i440FX chipset. */
  public boolean i440fx() {
    return x86() && (name.equals("pc") || name.startsWith("pc-i440fx") || oldPc());
  }

  // pc-0.12 … pc-1.3, before there was a q35
  private boolean oldPc() {
    return name.startsWith("pc-0.") || name.startsWith("pc-1.") || name.startsWith("rhel");
  }

  /** PC with a Q35 chipset. */
  public boolean q35() {
    return x86() && (name.equals("q35") || name.startsWith("pc-q35"));
  }

  /** The PC without PCI. */
  public boolean isapc() {
    return x86() && name.equals("isapc");
  }

  /** The small PC without PCI of its own. */
  public boolean microvm() {
    return x86() && name.equals("microvm");
  }

  /** x86, 32 or 64 bit. */
  public boolean x86() {
    return arch.equals("x86_64") || arch.equals("i686");
  }

  /** ARM, 32 or 64 bit. */
  public boolean arm() {
    return arch.equals("aarch64") || arch.startsWith("armv");
  }

  /** ARM's {@code virt}. */
  public boolean armVirt() {
    return arm() && virt();
  }

  /** RISC-V, 32 or 64 bit. */
  public boolean riscv() {
    return arch.startsWith("riscv");
  }

  /** RISC-V's {@code virt}. */
  public boolean riscvVirt() {
    return riscv() && virt();
  }

  /** LoongArch's {@code virt}. */
  public boolean loongarchVirt() {
    return loongarch() && virt();
  }

  /** LoongArch. */
  public boolean loongarch() {
    return arch.equals("loongarch64");
  }

  private boolean virt() {
    return name.equals("virt") || name.startsWith("virt-");
  }

  /** pSeries, the paravirtual POWER machine. */
  public boolean pseries() {
    return ppc64() && (name.equals("pseries") || name.startsWith("pseries-"));
  }

  /** POWER, 32 or 64 bits. */
  public boolean ppc() {
    return ppc64() || arch.equals("ppc");
  }

  /** 64-bit POWER in either order of bytes. */
  public boolean ppc64() {
    return arch.equals("ppc64") || arch.equals("ppc64le");
  }

  /** s390x with channel devices. */
  public boolean s390Ccw() {
    return s390() && (name.equals("s390-ccw-virtio") || name.startsWith("s390-ccw"));
  }

  /** s390, any. */
  public boolean s390() {
    return arch.equals("s390x") || arch.equals("s390");
  }

  /** Whether the bus of index 0 is PCI Express. */
  public boolean pcieRoot() {
    return q35() || armVirt() || riscvVirt() || loongarchVirt();
  }

  /** Whether the bus of index 0 is plain PCI. */
  public boolean pciRoot() {
    return i440fx()
        || pseries()
        || s390Ccw()
        || ppc()
        || (arch.startsWith("mips") && name.equals("malta"))
        || arch.equals("alpha")
        || arch.equals("sparc64")
        || arch.startsWith("sh4")
        || (arm() && (name.startsWith("versatilepb") || name.startsWith("realview-eb")));
  }

  /** Whether the machine has a PCI bus at all. */
  public boolean pci() {
    return pciRoot() || pcieRoot();
  }

  /** Whether the chipset has IDE. */
  public boolean hasIde() {
    return i440fx()
        || name.equals("malta")
        || name.equals("sun4u")
        || name.startsWith("mac99")
        || name.startsWith("g3beige");
  }

  /** Whether the board has the SCSI controller of Sun's and MIPS' workstations. */
  public boolean hasNcr53c90() {
    return arch.equals("sparc") || name.equals("magnum") || name.equals("pica61");
  }

  /** Name of the binary without its folder. */
  public String emulator() {
    return switch (arch) {
      case "i686" -> "qemu-system-i386";
      case "armv6l", "armv7l" -> "qemu-system-arm";
      case "ppc64le" -> "qemu-system-ppc64";
      default -> "qemu-system-" + arch;
    };
  }
}
