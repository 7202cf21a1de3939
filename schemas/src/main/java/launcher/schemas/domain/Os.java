package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import jakarta.xml.bind.annotation.XmlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <os>}: machine, firmware, kernel and boot order. */
public final class Os extends ModelElement {
  @XmlAttribute private @Nullable String firmware;
  @XmlElement private @Nullable Type type;
  @XmlElement private @Nullable Loader loader;
  @XmlElement private @Nullable Nvram nvram;
  @XmlElement private @Nullable String kernel;
  @XmlElement private @Nullable String initrd;
  @XmlElement private @Nullable String cmdline;
  @XmlElement private @Nullable String dtb;
  @XmlElement private @Nullable String shim;
  @XmlElement private @Nullable Acpi acpi;
  @XmlElement private final List<Boot> boot = new ArrayList<>();
  @XmlElement private @Nullable BootMenu bootmenu;
  @XmlElement private @Nullable Bios bios;
  @XmlElement private @Nullable Smbios smbios;

  private Os() {}

  /** Efi or bios, when it is chosen automatically. */
  public Optional<String> firmware() {
    return Optional.ofNullable(firmware);
  }

  /** Architecture and machine. */
  public Optional<Type> type() {
    return Optional.ofNullable(type);
  }

  /** The firmware. */
  public Optional<Loader> loader() {
    return Optional.ofNullable(loader);
  }

  /** The firmware's variables. */
  public Optional<Nvram> nvram() {
    return Optional.ofNullable(nvram);
  }

  /** Path of a kernel to boot directly. */
  public Optional<String> kernel() {
    return Optional.ofNullable(kernel);
  }

  /** Path of its initial RAM disk. */
  public Optional<String> initrd() {
    return Optional.ofNullable(initrd);
  }

  /** Its command line. */
  public Optional<String> cmdline() {
    return Optional.ofNullable(cmdline);
  }

  /** Path of a device tree. */
  public Optional<String> dtb() {
    return Optional.ofNullable(dtb);
  }

  /** Path of the first EFI program before the kernel. */
  public Optional<String> shim() {
    return Optional.ofNullable(shim);
  }

  /** Tables of the user's own. */
  public Optional<Acpi> acpi() {
    return Optional.ofNullable(acpi);
  }

  /** What to boot from, in this order. */
  public List<Boot> boot() {
    return List.copyOf(boot);
  }

  /** The firmware's menu. */
  public Optional<BootMenu> bootmenu() {
    return Optional.ofNullable(bootmenu);
  }

  /** What the firmware does. */
  public Optional<Bios> bios() {
    return Optional.ofNullable(bios);
  }

  /** Where the SMBIOS tables come from. */
  public Optional<Smbios> smbios() {
    return Optional.ofNullable(smbios);
  }

  /** {@code <type>}. */
  @XmlType(name = "Os.Type")
  public static final class Type extends ModelElement {
    @XmlAttribute private @Nullable String arch;
    @XmlAttribute private @Nullable String machine;
    @XmlValue private @Nullable String kind;

    private Type() {}

    /** Architecture in libvirt's names. */
    public Optional<String> arch() {
      return Optional.ofNullable(arch);
    }

    /** Machine type. */
    public Optional<String> machine() {
      return Optional.ofNullable(machine);
    }

    /** Hvm. */
    public String kind() {
      return kind == null ? "" : kind;
    }
  }

  /** {@code <loader>}. */
  @XmlType(name = "Os.Loader")
  public static final class Loader extends ModelElement {
    @XmlAttribute private @Nullable String readonly;
    @XmlAttribute private @Nullable String secure;
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String stateless;
    @XmlAttribute private @Nullable String format;
    @XmlValue private @Nullable String path;

    private Loader() {}

    /** Yes or no. */
    public Optional<String> readonly() {
      return Optional.ofNullable(readonly);
    }

    /** Whether system management mode guards it: yes or no. */
    public Optional<String> secure() {
      return Optional.ofNullable(secure);
    }

    /** Rom or pflash. */
    public Optional<String> type() {
      return Optional.ofNullable(type);
    }

    /** Whether it has no variables: yes or no. */
    public Optional<String> stateless() {
      return Optional.ofNullable(stateless);
    }

    /** Raw or qcow2. */
    public Optional<String> format() {
      return Optional.ofNullable(format);
    }

    /** Image of the firmware. */
    public String path() {
      return path == null ? "" : path;
    }
  }

  /** {@code <nvram>}. */
  @XmlType(name = "Os.Nvram")
  public static final class Nvram extends ModelElement {
    @XmlAttribute private @Nullable String template;
    @XmlAttribute private @Nullable String templateFormat;
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String format;
    @XmlElement private @Nullable SourceElement source;

    private Nvram() {}

    /** What the variables begin as. */
    public Optional<String> template() {
      return Optional.ofNullable(template);
    }

    /** Format of the template. */
    public Optional<String> templateFormat() {
      return Optional.ofNullable(templateFormat);
    }

    /** File, block or network, when there is a source. */
    public Optional<String> type() {
      return Optional.ofNullable(type);
    }

    /** Raw or qcow2. */
    public Optional<String> format() {
      return Optional.ofNullable(format);
    }

    /** The image that holds the variables: the path in the text, or the source. */
    public Image image() {
      String kind = type == null ? "file" : type;
      Image found =
          (source == null ? SourceElement.none() : source)
              .image(
                  kind,
                  format().orElse("raw"),
                  new Image.Below.End(),
                  OptionalLong.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  element());
      String path = element().text().strip();
      return path.isEmpty() ? found : found.with(new StorageSource.File(path));
    }
  }

  /** {@code <boot>}. */
  @XmlType(name = "Os.Boot")
  public static final class Boot extends ModelElement {
    @XmlAttribute private @Nullable String dev;

    private Boot() {}

    /** Hd, cdrom, network or fd. */
    public Optional<String> dev() {
      return Optional.ofNullable(dev);
    }
  }

  /** {@code <bootmenu>}. */
  @XmlType(name = "Os.BootMenu")
  public static final class BootMenu extends ModelElement {
    @XmlAttribute private @Nullable String enable;
    @XmlAttribute private @Nullable String timeout;

    private BootMenu() {}

    /** Yes or no. */
    public Optional<String> enable() {
      return Optional.ofNullable(enable);
    }

    /** How long it is shown, in ms. */
    public OptionalLong timeout() {
      return Numbers.parse(timeout);
    }
  }

  /** {@code <bios>}. */
  @XmlType(name = "Os.Bios")
  public static final class Bios extends ModelElement {
    @XmlAttribute private @Nullable String useserial;
    @XmlAttribute private @Nullable String rebootTimeout;

    private Bios() {}

    /** Yes or no. */
    public Optional<String> useserial() {
      return Optional.ofNullable(useserial);
    }

    /** Milliseconds until a failed boot begins again, -1 for never. */
    public Optional<String> rebootTimeout() {
      return Optional.ofNullable(rebootTimeout);
    }
  }

  /** {@code <smbios>}. */
  @XmlType(name = "Os.Smbios")
  public static final class Smbios extends ModelElement {
    @XmlAttribute private @Nullable String mode;

    private Smbios() {}

    /** Emulate, host or sysinfo. */
    public Optional<String> mode() {
      return Optional.ofNullable(mode);
    }
  }

  /** {@code <acpi>} of {@code <os>}. */
  @XmlType(name = "Os.Acpi")
  public static final class Acpi extends ModelElement {
    @XmlElement(name = "table")
    private final List<Table> tables = new ArrayList<>();

    private Acpi() {}

    /** The tables. */
    public List<Table> tables() {
      return List.copyOf(tables);
    }
  }

  /** {@code <table>}. */
  @XmlType(name = "Os.Table")
  public static final class Table extends ModelElement {
    @XmlAttribute private @Nullable String type;
    @XmlValue private @Nullable String path;

    private Table() {}

    /** Slic, msdm, raw or rawset. */
    public Optional<String> type() {
      return Optional.ofNullable(type);
    }

    /** File of the table. */
    public String path() {
      return path == null ? "" : path;
    }
  }
}
