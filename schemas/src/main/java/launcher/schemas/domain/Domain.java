package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlRootElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.ModelElement;
import launcher.schemas.ModelReader;
import org.jspecify.annotations.Nullable;

/** {@code <domain>}: everything about one guest, as its XML says it. */
@XmlRootElement(name = "domain")
public final class Domain extends ModelElement {
  @XmlAttribute private @Nullable String type;
  @XmlElement private @Nullable String name;
  @XmlElement private @Nullable String uuid;
  @XmlElement private @Nullable String title;
  @XmlElement private @Nullable String description;
  @XmlElement private @Nullable MemoryAmount memory;
  @XmlElement private @Nullable MemoryAmount currentMemory;
  @XmlElement private @Nullable MemoryAmount maxMemory;
  @XmlElement private @Nullable MemoryBacking memoryBacking;

  @XmlElement(name = "numatune")
  private @Nullable NumaTune numaTune;

  @XmlElement private @Nullable Vcpu vcpu;

  @XmlElement(name = "iothreadids")
  private @Nullable IothreadIds iothreadIds;

  @XmlElement(name = "defaultiothread")
  private @Nullable DefaultIothread defaultIothread;

  @XmlElement private @Nullable Os os;
  @XmlElement private @Nullable Features features;
  @XmlElement private @Nullable Cpu cpu;
  @XmlElement private @Nullable Clock clock;
  @XmlElement private @Nullable Pm pm;
  @XmlElement private @Nullable LaunchSecurity launchSecurity;

  @XmlElement(name = "keywrap")
  private @Nullable KeyWrap keyWrap;

  @XmlElement private @Nullable String genid;

  @XmlElement(name = "on_poweroff")
  private @Nullable String onPoweroff;

  @XmlElement(name = "on_reboot")
  private @Nullable String onReboot;

  @XmlElement(name = "on_crash")
  private @Nullable String onCrash;

  @XmlElement(name = "on_lockfailure")
  private @Nullable String onLockfailure;

  @XmlElement private final List<Sysinfo> sysinfo = new ArrayList<>();
  @XmlElement private @Nullable Devices devices;

  private Domain() {}

  /** The model of a completed tree. */
  public static Domain of(launcher.schemas.XmlElement root) {
    return Reader.INSTANCE.read(root);
  }

  /** The binding is made when the first domain is read: it takes a noticeable moment. */
  private static final class Reader {
    static final ModelReader<Domain> INSTANCE = new ModelReader<>(Domain.class);
  }

  /** Kind of hypervisor: {@code kvm}, {@code qemu}, {@code lxc}, {@code openvz} … */
  public String type() {
    return type == null ? "" : type;
  }

  /** Name of the guest. */
  public String name() {
    return name == null ? "" : name;
  }

  /** The guest's UUID. */
  public Optional<String> uuid() {
    return Optional.ofNullable(uuid);
  }

  /** A short line for people. */
  public Optional<String> title() {
    return Optional.ofNullable(title);
  }

  /** A longer text for people. */
  public Optional<String> description() {
    return Optional.ofNullable(description);
  }

  /** The devices. */
  public Devices devices() {
    return devices == null ? new Devices() : devices;
  }

  /** Memory at most, with memory modules. */
  public Optional<MemoryAmount> memory() {
    return Optional.ofNullable(memory);
  }

  /** Memory at boot. */
  public Optional<MemoryAmount> currentMemory() {
    return Optional.ofNullable(currentMemory);
  }

  /** Memory that modules may add up to. */
  public Optional<MemoryAmount> maxMemory() {
    return Optional.ofNullable(maxMemory);
  }

  /** What guest memory is made of. */
  public Optional<MemoryBacking> memoryBacking() {
    return Optional.ofNullable(memoryBacking);
  }

  /** Which host nodes the memory is on. */
  public Optional<NumaTune> numaTune() {
    return Optional.ofNullable(numaTune);
  }

  /** The CPUs. */
  public Optional<Vcpu> vcpu() {
    return Optional.ofNullable(vcpu);
  }

  /** The I/O threads. */
  public Optional<IothreadIds> iothreadIds() {
    return Optional.ofNullable(iothreadIds);
  }

  /** The main loop's workers. */
  public Optional<DefaultIothread> defaultIothread() {
    return Optional.ofNullable(defaultIothread);
  }

  /** Machine, firmware, boot order. */
  public Optional<Os> os() {
    return Optional.ofNullable(os);
  }

  /** Switches of machine and hypervisor. */
  public Optional<Features> features() {
    return Optional.ofNullable(features);
  }

  /** The CPU the guest sees. */
  public Optional<Cpu> cpu() {
    return Optional.ofNullable(cpu);
  }

  /** Its clock. */
  public Optional<Clock> clock() {
    return Optional.ofNullable(clock);
  }

  /** Sleep states. */
  public Optional<Pm> pm() {
    return Optional.ofNullable(pm);
  }

  /** Memory the host cannot read. */
  public Optional<LaunchSecurity> launchSecurity() {
    return Optional.ofNullable(launchSecurity);
  }

  /** Wrapped keys of s390. */
  public Optional<KeyWrap> keyWrap() {
    return Optional.ofNullable(keyWrap);
  }

  /** Identity that changes when the guest is copied. */
  public Optional<String> genid() {
    return Optional.ofNullable(genid);
  }

  /** What to do when the guest powers off. */
  public Optional<String> onPoweroff() {
    return Optional.ofNullable(onPoweroff);
  }

  /** What to do when it reboots. */
  public Optional<String> onReboot() {
    return Optional.ofNullable(onReboot);
  }

  /** What to do when it crashes. */
  public Optional<String> onCrash() {
    return Optional.ofNullable(onCrash);
  }

  /** What to do when a lease is lost. */
  public Optional<String> onLockfailure() {
    return Optional.ofNullable(onLockfailure);
  }

  /** What SMBIOS tables and fw_cfg say. */
  public List<Sysinfo> sysinfo() {
    return List.copyOf(sysinfo);
  }
}
