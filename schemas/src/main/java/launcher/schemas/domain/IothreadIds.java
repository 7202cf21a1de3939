package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <iothreadids>}: the I/O threads. */
public final class IothreadIds extends ModelElement {
  @XmlElement(name = "iothread")
  private final List<Iothread> iothreads = new ArrayList<>();

  private IothreadIds() {}

  /** One each. */
  public List<Iothread> iothreads() {
    return List.copyOf(iothreads);
  }

  /** {@code <iothread>}. */
  @XmlType(name = "IothreadIds.Iothread")
  public static final class Iothread extends ModelElement {
    @XmlAttribute private @Nullable String id;

    @XmlAttribute(name = "thread_pool_min")
    private @Nullable String threadPoolMin;

    @XmlAttribute(name = "thread_pool_max")
    private @Nullable String threadPoolMax;

    @XmlElement private @Nullable Poll poll;

    private Iothread() {}

    /** Its number. */
    public OptionalLong id() {
      return Numbers.parse(id);
    }

    /** Fewest workers. */
    public OptionalLong threadPoolMin() {
      return Numbers.parse(threadPoolMin);
    }

    /** Most workers. */
    public OptionalLong threadPoolMax() {
      return Numbers.parse(threadPoolMax);
    }

    /** How long it looks before it sleeps. */
    public Optional<Poll> poll() {
      return Optional.ofNullable(poll);
    }
  }

  /** {@code <poll>}. */
  @XmlType(name = "IothreadIds.Poll")
  public static final class Poll extends ModelElement {
    @XmlAttribute private @Nullable String max;
    @XmlAttribute private @Nullable String grow;
    @XmlAttribute private @Nullable String shrink;

    private Poll() {}

    /** In ns. */
    public OptionalLong max() {
      return Numbers.parse(max);
    }

    /** Factor. */
    public OptionalLong grow() {
      return Numbers.parse(grow);
    }

    /** Divisor. */
    public OptionalLong shrink() {
      return Numbers.parse(shrink);
    }
  }
}
