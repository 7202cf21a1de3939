package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.Optional;
import java.util.OptionalInt;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <filesystem>}: a folder of the host shown to the guest. */
public final class Filesystem extends Device {
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable String accessmode;
  @XmlAttribute private @Nullable String model;
  @XmlAttribute private @Nullable String fmode;
  @XmlAttribute private @Nullable String dmode;
  @XmlAttribute private @Nullable String multidevs;
  @XmlElement private @Nullable FilesystemDriver driver;
  @XmlElement private @Nullable Binary binary;
  @XmlElement private @Nullable FolderPlace source;
  @XmlElement private @Nullable FolderPlace target;
  @XmlElement private @Nullable Presence readonly;

  private Filesystem() {}

  /** {@code mount}, {@code file}, {@code ram} … */
  public String type() {
    return type == null ? "mount" : type;
  }

  /** {@code passthrough}, {@code mapped} or {@code squash}. */
  public String accessMode() {
    return accessmode == null ? "passthrough" : accessmode;
  }

  /** {@code virtio-transitional} or {@code virtio-non-transitional}. */
  public Optional<String> model() {
    return Optional.ofNullable(model);
  }

  /** Permissions of new files, in octal digits. */
  public Optional<String> fileMode() {
    return Optional.ofNullable(fmode);
  }

  /** Permissions of new folders, in octal digits. */
  public Optional<String> folderMode() {
    return Optional.ofNullable(dmode);
  }

  /** What becomes of files on other file systems below: {@code remap}, {@code forbid} … */
  public Optional<String> multidevs() {
    return Optional.ofNullable(multidevs).filter(m -> !m.equals("default"));
  }

  /** How it is driven. */
  public Optional<FilesystemDriver> driver() {
    return Optional.ofNullable(driver);
  }

  /** Whether a daemon outside QEMU serves the folder. */
  public boolean virtiofs() {
    return driver != null && "virtiofs".equals(driver.type);
  }

  /** The daemon that serves it. */
  public Optional<Binary> binary() {
    return Optional.ofNullable(binary);
  }

  /** The folder of the host. */
  public Optional<String> folder() {
    return source == null ? Optional.empty() : Optional.ofNullable(source.dir);
  }

  /** Socket of a daemon that runs already. */
  public Optional<String> socket() {
    return source == null ? Optional.empty() : Optional.ofNullable(source.socket);
  }

  /** The name the guest mounts it by. */
  public String tag() {
    return target == null || target.dir == null ? "" : target.dir;
  }

  /** Whether the guest cannot write. */
  public boolean readOnly() {
    return readonly != null;
  }

  static final class FolderPlace {
    @XmlAttribute private @Nullable String dir;
    @XmlAttribute private @Nullable String socket;
  }

  /** {@code <driver>} of a file system. */
  public static final class FilesystemDriver extends VirtioDriver {
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String wrpolicy;
    @XmlAttribute private @Nullable Integer queue;

    private FilesystemDriver() {}

    /** {@code path}, {@code handle} or {@code virtiofs}. */
    public Optional<String> type() {
      return Optional.ofNullable(type);
    }

    /** When written data reaches the host: {@code immediate}. */
    public Optional<String> writePolicy() {
      return Optional.ofNullable(wrpolicy).filter(w -> !w.equals("default"));
    }

    /** Entries of the virtqueue. */
    public OptionalInt queueSize() {
      return queue == null ? OptionalInt.empty() : OptionalInt.of(queue);
    }
  }

  /** {@code <binary>}: the virtiofs daemon and what it is told. */
  public static final class Binary extends ModelElement {
    @XmlAttribute private @Nullable String path;
    @XmlAttribute private @Nullable String xattr;
    @XmlElement private @Nullable Option cache;
    @XmlElement private @Nullable Option sandbox;

    @XmlElement(name = "thread_pool")
    private @Nullable Option threadPool;

    @XmlElement private @Nullable Option openfiles;

    private Binary() {}

    /** The daemon's path; none for the host's own. */
    public Optional<String> path() {
      return Optional.ofNullable(path);
    }

    /** Whether extended attributes are passed on. */
    public Optional<Boolean> extendedAttributes() {
      return Toggle.of(xattr);
    }

    /** {@code none}, {@code auto} or {@code always}. */
    public Optional<String> cache() {
      return cache == null ? Optional.empty() : Optional.ofNullable(cache.mode);
    }

    /** {@code namespace} or {@code chroot}. */
    public Optional<String> sandbox() {
      return sandbox == null ? Optional.empty() : Optional.ofNullable(sandbox.mode);
    }

    /** Threads that serve requests. */
    public Optional<String> threads() {
      return threadPool == null ? Optional.empty() : Optional.ofNullable(threadPool.size);
    }

    /** Files the daemon may have open. */
    public Optional<String> openFiles() {
      return openfiles == null ? Optional.empty() : Optional.ofNullable(openfiles.max);
    }

    static final class Option {
      @XmlAttribute private @Nullable String mode;
      @XmlAttribute private @Nullable String size;
      @XmlAttribute private @Nullable String max;
    }
  }
}
