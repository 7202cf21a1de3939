package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code <driver>} of a network interface: the virtio card and its back end. */
public final class InterfaceDriver extends VirtioDriver {
  @XmlAttribute private @Nullable String name;
  @XmlAttribute private @Nullable String txmode;
  @XmlAttribute private @Nullable String ioeventfd;

  @XmlAttribute(name = "event_idx")
  private @Nullable String eventIdx;

  @XmlAttribute private @Nullable Integer queues;

  @XmlAttribute(name = "rx_queue_size")
  private @Nullable Integer rxQueueSize;

  @XmlAttribute(name = "tx_queue_size")
  private @Nullable Integer txQueueSize;

  @XmlAttribute private @Nullable String rss;

  @XmlAttribute(name = "rss_hash_report")
  private @Nullable String rssHashReport;

  @XmlElement private @Nullable Offloads host;
  @XmlElement private @Nullable Offloads guest;

  private InterfaceDriver() {}

  /** {@code vhost}, {@code qemu} or {@code vfio}. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** {@code iothread} or {@code timer}. */
  public Optional<String> txMode() {
    return Optional.ofNullable(txmode);
  }

  /** Whether notifications go through a file descriptor. */
  public Optional<Boolean> ioeventfd() {
    return Toggle.of(ioeventfd);
  }

  /** Whether notifications say how far the other side has read. */
  public Optional<Boolean> eventIdx() {
    return Toggle.of(eventIdx);
  }

  /** Number of pairs of queues, 0 where it is not said. */
  public int queues() {
    return queues == null ? 0 : queues;
  }

  /** Entries of a receive queue. */
  public OptionalInt rxQueueSize() {
    return rxQueueSize == null ? OptionalInt.empty() : OptionalInt.of(rxQueueSize);
  }

  /** Entries of a send queue. */
  public OptionalInt txQueueSize() {
    return txQueueSize == null ? OptionalInt.empty() : OptionalInt.of(txQueueSize);
  }

  /** Whether the card spreads packets over the queues. */
  public Optional<Boolean> rss() {
    return Toggle.of(rss);
  }

  /** Whether it tells the guest the hash it did that by. */
  public Optional<Boolean> rssHashReport() {
    return Toggle.of(rssHashReport);
  }

  /** What the host's side may leave to the card. */
  public Optional<Offloads> host() {
    return Optional.ofNullable(host);
  }

  /** What the guest's side may leave to the card. */
  public Optional<Offloads> guest() {
    return Optional.ofNullable(guest);
  }

  /** Work on packets that is left to the other side. */
  @XmlType(name = "")
  public static final class Offloads {
    @XmlAttribute private @Nullable String csum;
    @XmlAttribute private @Nullable String gso;

    @XmlAttribute(name = "tso4") // JAXB would write a capital after the digit
    private @Nullable String tso4;

    @XmlAttribute(name = "tso6") // JAXB would write a capital after the digit
    private @Nullable String tso6;

    @XmlAttribute private @Nullable String ecn;
    @XmlAttribute private @Nullable String ufo;

    @XmlAttribute(name = "mrg_rxbuf")
    private @Nullable String mergeableBuffers;

    private Offloads() {}

    /** Checksums. */
    public Optional<Boolean> csum() {
      return Toggle.of(csum);
    }

    /** Segmentation of any kind. */
    public Optional<Boolean> gso() {
      return Toggle.of(gso);
    }

    /** TCP segmentation over IPv4. */
    public Optional<Boolean> tso4() {
      return Toggle.of(tso4);
    }

    /** TCP segmentation over IPv6. */
    public Optional<Boolean> tso6() {
      return Toggle.of(tso6);
    }

    /** Segmentation with congestion notices. */
    public Optional<Boolean> ecn() {
      return Toggle.of(ecn);
    }

    /** UDP fragmentation. */
    public Optional<Boolean> ufo() {
      return Toggle.of(ufo);
    }

    /** Receive buffers that may be joined. */
    public Optional<Boolean> mergeableBuffers() {
      return Toggle.of(mergeableBuffers);
    }
  }
}
