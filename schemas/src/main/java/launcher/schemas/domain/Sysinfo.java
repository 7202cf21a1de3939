package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import jakarta.xml.bind.annotation.XmlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <sysinfo>}: what the guest's SMBIOS tables or fw_cfg say. */
public final class Sysinfo extends ModelElement {
  @XmlAttribute private @Nullable String type;
  @XmlElement private @Nullable Block bios;
  @XmlElement private @Nullable Block system;

  @XmlElement(name = "baseBoard")
  private final List<Block> baseBoards = new ArrayList<>();

  @XmlElement private @Nullable Block chassis;
  @XmlElement private @Nullable OemStrings oemStrings;

  @XmlElement(name = "entry")
  private final List<Entry> entries = new ArrayList<>();

  private Sysinfo() {}

  /** Smbios or fwcfg. */
  public Optional<String> type() {
    return Optional.ofNullable(type);
  }

  /** Table 0. */
  public Optional<Block> bios() {
    return Optional.ofNullable(bios);
  }

  /** Table 1. */
  public Optional<Block> system() {
    return Optional.ofNullable(system);
  }

  /** Table 2. */
  public List<Block> baseBoards() {
    return List.copyOf(baseBoards);
  }

  /** Table 3. */
  public Optional<Block> chassis() {
    return Optional.ofNullable(chassis);
  }

  /** Table 11. */
  public Optional<OemStrings> oemStrings() {
    return Optional.ofNullable(oemStrings);
  }

  /** Files of fw_cfg. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** one table. */
  @XmlType(name = "Sysinfo.Block")
  public static final class Block extends ModelElement {
    @XmlElement(name = "entry")
    private final List<Entry> entries = new ArrayList<>();

    private Block() {}

    /** Its values. */
    public List<Entry> entries() {
      return List.copyOf(entries);
    }
  }

  /** {@code <oemStrings>}. */
  @XmlType(name = "Sysinfo.OemStrings")
  public static final class OemStrings extends ModelElement {
    @XmlElement(name = "entry")
    private final List<Entry> entries = new ArrayList<>();

    private OemStrings() {}

    /** The texts. */
    public List<Entry> entries() {
      return List.copyOf(entries);
    }
  }

  /** {@code <entry>}. */
  @XmlType(name = "Sysinfo.Entry")
  public static final class Entry extends ModelElement {
    @XmlAttribute private @Nullable String name;
    @XmlAttribute private @Nullable String file;
    @XmlValue private @Nullable String value;

    private Entry() {}

    /** Which value. */
    public Optional<String> name() {
      return Optional.ofNullable(name);
    }

    /** File that holds it. */
    public Optional<String> file() {
      return Optional.ofNullable(file);
    }

    /** The value. */
    public String value() {
      return value == null ? "" : value;
    }
  }
}
