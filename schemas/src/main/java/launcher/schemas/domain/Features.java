package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import jakarta.xml.bind.annotation.XmlValue;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <features>}: switches of machine and hypervisor. */
public final class Features extends ModelElement {
  @XmlElement private @Nullable Flag acpi;
  @XmlElement private @Nullable Apic apic;
  @XmlElement private @Nullable Flag pae;
  @XmlElement private @Nullable Flag hap;
  @XmlElement private @Nullable Flag privnet;
  @XmlElement private @Nullable Hyperv hyperv;
  @XmlElement private @Nullable KvmFeatures kvm;
  @XmlElement private @Nullable Xen xen;
  @XmlElement private @Nullable Flag pvspinlock;
  @XmlElement private @Nullable Flag pmu;
  @XmlElement private @Nullable Flag vmport;
  @XmlElement private @Nullable Gic gic;
  @XmlElement private @Nullable Smm smm;
  @XmlElement private @Nullable Ioapic ioapic;
  @XmlElement private @Nullable Hpt hpt;
  @XmlElement private @Nullable Flag vmcoreinfo;
  @XmlElement private @Nullable Flag htm;

  @XmlElement(name = "nested-hv")
  private @Nullable Flag nestedHv;

  @XmlElement private @Nullable Msrs msrs;

  @XmlElement(name = "ccf-assist")
  private @Nullable Flag ccfAssist;

  @XmlElement private @Nullable Valued cfpc;
  @XmlElement private @Nullable Valued sbbc;
  @XmlElement private @Nullable Valued ibs;
  @XmlElement private @Nullable Tcg tcg;

  @XmlElement(name = "async-teardown")
  private @Nullable AsyncTeardown asyncTeardown;

  @XmlElement private @Nullable Flag ras;
  @XmlElement private @Nullable Flag ps2;
  @XmlElement private @Nullable Valued aia;

  private Features() {}

  /** ACPI tables. */
  public Optional<Flag> acpi() {
    return Optional.ofNullable(acpi);
  }

  /** Interrupt controller. */
  public Optional<Apic> apic() {
    return Optional.ofNullable(apic);
  }

  /** Physical address extension. */
  public Optional<Flag> pae() {
    return Optional.ofNullable(pae);
  }

  /** Hardware paging. */
  public Optional<Flag> hap() {
    return Optional.ofNullable(hap);
  }

  /** Network of its own (containers). */
  public Optional<Flag> privnet() {
    return Optional.ofNullable(privnet);
  }

  /** What Windows expects of a hypervisor. */
  public Optional<Hyperv> hyperv() {
    return Optional.ofNullable(hyperv);
  }

  /** What KVM offers. */
  public Optional<KvmFeatures> kvm() {
    return Optional.ofNullable(kvm);
  }

  /** What Xen offers. */
  public Optional<Xen> xen() {
    return Optional.ofNullable(xen);
  }

  /** Paravirtual spinlocks. */
  public Optional<Flag> pvspinlock() {
    return Optional.ofNullable(pvspinlock);
  }

  /** Performance counters. */
  public Optional<Flag> pmu() {
    return Optional.ofNullable(pmu);
  }

  /** VMware's port. */
  public Optional<Flag> vmport() {
    return Optional.ofNullable(vmport);
  }

  /** ARM's interrupt controller. */
  public Optional<Gic> gic() {
    return Optional.ofNullable(gic);
  }

  /** System management mode. */
  public Optional<Smm> smm() {
    return Optional.ofNullable(smm);
  }

  /** Where the IO-APIC is. */
  public Optional<Ioapic> ioapic() {
    return Optional.ofNullable(ioapic);
  }

  /** POWER's page table. */
  public Optional<Hpt> hpt() {
    return Optional.ofNullable(hpt);
  }

  /** Kernel's own note for dumps. */
  public Optional<Flag> vmcoreinfo() {
    return Optional.ofNullable(vmcoreinfo);
  }

  /** POWER's transactional memory. */
  public Optional<Flag> htm() {
    return Optional.ofNullable(htm);
  }

  /** POWER's nested guests. */
  public Optional<Flag> nestedHv() {
    return Optional.ofNullable(nestedHv);
  }

  /** Unknown registers. */
  public Optional<Msrs> msrs() {
    return Optional.ofNullable(msrs);
  }

  /** POWER's count cache flush. */
  public Optional<Flag> ccfAssist() {
    return Optional.ofNullable(ccfAssist);
  }

  /** POWER's cache flush on privilege change. */
  public Optional<Valued> cfpc() {
    return Optional.ofNullable(cfpc);
  }

  /** POWER's speculation barrier. */
  public Optional<Valued> sbbc() {
    return Optional.ofNullable(sbbc);
  }

  /** POWER's indirect branch speculation. */
  public Optional<Valued> ibs() {
    return Optional.ofNullable(ibs);
  }

  /** The translator of QEMU. */
  public Optional<Tcg> tcg() {
    return Optional.ofNullable(tcg);
  }

  /** Memory given back in the background. */
  public Optional<AsyncTeardown> asyncTeardown() {
    return Optional.ofNullable(asyncTeardown);
  }

  /** ARM's reliability extension. */
  public Optional<Flag> ras() {
    return Optional.ofNullable(ras);
  }

  /** The PS/2 controller. */
  public Optional<Flag> ps2() {
    return Optional.ofNullable(ps2);
  }

  /** RISC-V's interrupt controller. */
  public Optional<Valued> aia() {
    return Optional.ofNullable(aia);
  }

  /** a switch. */
  @XmlType(name = "Features.Flag")
  public static final class Flag extends ModelElement {
    @XmlAttribute private @Nullable String state;

    private Flag() {}

    /** On or off. */
    public Optional<String> state() {
      return Optional.ofNullable(state);
    }
  }

  /** {@code <apic>}. */
  @XmlType(name = "Features.Apic")
  public static final class Apic extends ModelElement {
    @XmlAttribute private @Nullable String eoi;

    private Apic() {}

    /** On or off. */
    public Optional<String> eoi() {
      return Optional.ofNullable(eoi);
    }
  }

  /** a switch with a value. */
  @XmlType(name = "Features.Valued")
  public static final class Valued extends ModelElement {
    @XmlAttribute private @Nullable String value;

    private Valued() {}

    /** The value. */
    public Optional<String> value() {
      return Optional.ofNullable(value);
    }
  }

  /** {@code <gic>}. */
  @XmlType(name = "Features.Gic")
  public static final class Gic extends ModelElement {
    @XmlAttribute private @Nullable String version;

    private Gic() {}

    /** 2, 3 or host. */
    public Optional<String> version() {
      return Optional.ofNullable(version);
    }
  }

  /** {@code <smm>}. */
  @XmlType(name = "Features.Smm")
  public static final class Smm extends ModelElement {
    @XmlAttribute private @Nullable String state;
    @XmlElement private @Nullable Tseg tseg;

    private Smm() {}

    /** On or off. */
    public Optional<String> state() {
      return Optional.ofNullable(state);
    }

    /** Size of its memory. */
    public Optional<Tseg> tseg() {
      return Optional.ofNullable(tseg);
    }
  }

  /** {@code <tseg>}. */
  @XmlType(name = "Features.Tseg")
  public static final class Tseg extends ModelElement {
    @XmlAttribute private @Nullable String unit;
    @XmlValue private @Nullable String size;

    private Tseg() {}

    /** Unit of the size. */
    public Optional<String> unit() {
      return Optional.ofNullable(unit);
    }

    /** The size. */
    public String size() {
      return size == null ? "" : size;
    }
  }

  /** {@code <ioapic>}. */
  @XmlType(name = "Features.Ioapic")
  public static final class Ioapic extends ModelElement {
    @XmlAttribute private @Nullable String driver;

    private Ioapic() {}

    /** Kvm or qemu. */
    public Optional<String> driver() {
      return Optional.ofNullable(driver);
    }
  }

  /** {@code <hpt>}. */
  @XmlType(name = "Features.Hpt")
  public static final class Hpt extends ModelElement {
    @XmlAttribute private @Nullable String resizing;
    @XmlElement private @Nullable PageSize maxpagesize;

    private Hpt() {}

    /** Enabled, disabled or required. */
    public Optional<String> resizing() {
      return Optional.ofNullable(resizing);
    }

    /** Largest page. */
    public Optional<PageSize> maxpagesize() {
      return Optional.ofNullable(maxpagesize);
    }
  }

  /** {@code <maxpagesize>}. */
  @XmlType(name = "Features.PageSize")
  public static final class PageSize extends ModelElement {
    @XmlAttribute private @Nullable String unit;
    @XmlValue private @Nullable String size;

    private PageSize() {}

    /** Unit of the size. */
    public Optional<String> unit() {
      return Optional.ofNullable(unit);
    }

    /** The size. */
    public String size() {
      return size == null ? "" : size;
    }
  }

  /** {@code <msrs>}. */
  @XmlType(name = "Features.Msrs")
  public static final class Msrs extends ModelElement {
    @XmlAttribute private @Nullable String unknown;

    private Msrs() {}

    /** Ignore or fault. */
    public Optional<String> unknown() {
      return Optional.ofNullable(unknown);
    }
  }

  /** {@code <tcg>}. */
  @XmlType(name = "Features.Tcg")
  public static final class Tcg extends ModelElement {
    @XmlElement(name = "tb-cache")
    private @Nullable PageSize tbCache;

    private Tcg() {}

    /** Cache of translated code. */
    public Optional<PageSize> tbCache() {
      return Optional.ofNullable(tbCache);
    }
  }

  /** {@code <async-teardown>}. */
  @XmlType(name = "Features.AsyncTeardown")
  public static final class AsyncTeardown extends ModelElement {
    @XmlAttribute private @Nullable String enabled;

    private AsyncTeardown() {}

    /** Yes or no. */
    public Optional<String> enabled() {
      return Optional.ofNullable(enabled);
    }
  }

  /** {@code <xen>}. */
  @XmlType(name = "Features.Xen")
  public static final class Xen extends ModelElement {
    @XmlElement(name = "e820_host")
    private @Nullable Flag e820Host;

    @XmlElement private @Nullable Flag passthrough;

    private Xen() {}

    /** Memory map of the host. */
    public Optional<Flag> e820Host() {
      return Optional.ofNullable(e820Host);
    }

    /** Devices of the host. */
    public Optional<Flag> passthrough() {
      return Optional.ofNullable(passthrough);
    }
  }
}
