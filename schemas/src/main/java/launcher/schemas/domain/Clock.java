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

/** {@code <clock>}: what time the guest believes it is. */
public final class Clock extends ModelElement {
  @XmlAttribute private @Nullable String offset;
  @XmlAttribute private @Nullable String basis;
  @XmlAttribute private @Nullable String adjustment;
  @XmlAttribute private @Nullable String timezone;
  @XmlAttribute private @Nullable String start;

  @XmlElement(name = "timer")
  private final List<Timer> timers = new ArrayList<>();

  private Clock() {}

  /** Utc, localtime, timezone, variable or absolute. */
  public Optional<String> offset() {
    return Optional.ofNullable(offset);
  }

  /** Utc or localtime, for a variable offset. */
  public Optional<String> basis() {
    return Optional.ofNullable(basis);
  }

  /** Seconds, or reset. */
  public Optional<String> adjustment() {
    return Optional.ofNullable(adjustment);
  }

  /** Zone of the guest. */
  public Optional<String> timezone() {
    return Optional.ofNullable(timezone);
  }

  /** Seconds since 1970. */
  public OptionalLong start() {
    return Numbers.parse(start);
  }

  /** The clocks of the machine. */
  public List<Timer> timers() {
    return List.copyOf(timers);
  }

  /** {@code <timer>}. */
  @XmlType(name = "Clock.Timer")
  public static final class Timer extends ModelElement {
    @XmlAttribute private @Nullable String name;
    @XmlAttribute private @Nullable String track;
    @XmlAttribute private @Nullable String tickpolicy;
    @XmlAttribute private @Nullable String present;
    @XmlAttribute private @Nullable String frequency;
    @XmlAttribute private @Nullable String mode;

    private Timer() {}

    /** Rtc, pit, hpet, tsc, kvmclock, hypervclock, armvtimer or platform. */
    public Optional<String> name() {
      return Optional.ofNullable(name);
    }

    /** Boot, guest or wall. */
    public Optional<String> track() {
      return Optional.ofNullable(track);
    }

    /** Delay, catchup, merge or discard. */
    public Optional<String> tickpolicy() {
      return Optional.ofNullable(tickpolicy);
    }

    /** Yes or no. */
    public Optional<String> present() {
      return Optional.ofNullable(present);
    }

    /** In Hz. */
    public OptionalLong frequency() {
      return Numbers.parse(frequency);
    }

    /** Auto, native, emulate, paravirt or smpsafe. */
    public Optional<String> mode() {
      return Optional.ofNullable(mode);
    }
  }
}
