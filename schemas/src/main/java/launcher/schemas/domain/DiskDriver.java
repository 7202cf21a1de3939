package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlElementWrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code <driver>} of a disk: format, caching, errors, queues, threads. */
public final class DiskDriver extends VirtioDriver {
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable String cache;

  @XmlAttribute(name = "error_policy")
  private @Nullable String errorPolicy;

  @XmlAttribute(name = "rerror_policy")
  private @Nullable String readErrorPolicy;

  @XmlAttribute private @Nullable String io;
  @XmlAttribute private @Nullable String ioeventfd;

  @XmlAttribute(name = "event_idx")
  private @Nullable String eventIdx;

  @XmlAttribute(name = "copy_on_read")
  private @Nullable String copyOnRead;

  @XmlAttribute private @Nullable String discard;

  @XmlAttribute(name = "discard_no_unref")
  private @Nullable String discardNoUnref;

  @XmlAttribute(name = "detect_zeroes")
  private @Nullable String detectZeroes;

  @XmlAttribute private @Nullable Integer iothread;
  @XmlAttribute private @Nullable Integer queues;

  @XmlAttribute(name = "queue_size")
  private @Nullable Integer queueSize;

  @XmlElement(name = "metadata_cache")
  private ImageElement.@Nullable MetadataCache metadataCache;

  @XmlElementWrapper(name = "iothreads")
  @XmlElement(name = "iothread")
  private final List<IoThreadQueues> iothreads = new ArrayList<>();

  private DiskDriver() {}

  /** {@code raw}, {@code qcow2} … */
  public String format() {
    return type == null ? "raw" : type;
  }

  /** {@code none}, {@code writeback} …; none for QEMU's usual way. */
  public Optional<String> cache() {
    return Optional.ofNullable(cache).filter(c -> !c.equals("default"));
  }

  /** What the guest sees of a failed write: {@code stop}, {@code report} … */
  public Optional<String> errorPolicy() {
    return Optional.ofNullable(errorPolicy).filter(p -> !p.equals("default"));
  }

  /** What the guest sees of a failed read. */
  public Optional<String> readErrorPolicy() {
    return Optional.ofNullable(readErrorPolicy).filter(p -> !p.equals("default"));
  }

  /** {@code threads}, {@code native} or {@code io_uring}. */
  public Optional<String> io() {
    return Optional.ofNullable(io).filter(i -> !i.equals("default"));
  }

  /** Whether notifications go by way of an event descriptor. */
  public Optional<Boolean> ioeventfd() {
    return Toggle.of(ioeventfd);
  }

  /** Whether notifications are held back. */
  public Optional<Boolean> eventIdx() {
    return Toggle.of(eventIdx);
  }

  /** Whether what is read from below is kept on top. */
  public boolean copyOnRead() {
    return Toggle.isSet(copyOnRead);
  }

  /** {@code unmap} or {@code ignore}. */
  public Optional<String> discard() {
    return Optional.ofNullable(discard).filter(d -> !d.equals("default"));
  }

  /** Whether discarded clusters stay allocated in a qcow2 image. */
  public Optional<Boolean> discardNoUnref() {
    return Toggle.of(discardNoUnref);
  }

  /** {@code off}, {@code on} or {@code unmap}. */
  public Optional<String> detectZeroes() {
    return Optional.ofNullable(detectZeroes).filter(d -> !d.equals("default"));
  }

  /** The iothread that serves it. */
  public OptionalInt iothread() {
    return iothread == null ? OptionalInt.empty() : OptionalInt.of(iothread);
  }

  /** The iothreads that serve its queues. */
  public List<IoThreadQueues> iothreads() {
    return List.copyOf(iothreads);
  }

  /** Number of virtqueues. */
  public OptionalInt queues() {
    return queues == null ? OptionalInt.empty() : OptionalInt.of(queues);
  }

  /** Entries of a virtqueue. */
  public OptionalInt queueSize() {
    return queueSize == null ? OptionalInt.empty() : OptionalInt.of(queueSize);
  }

  OptionalLong metadataCacheBytes() {
    return ImageElement.MetadataCache.bytes(metadataCache);
  }
}
