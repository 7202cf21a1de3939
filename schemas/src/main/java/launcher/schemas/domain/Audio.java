package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import java.util.OptionalInt;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <audio>}: where the sound of the guest's cards goes on the host. */
public final class Audio extends ModelElement {
  @XmlAttribute private @Nullable Integer id;
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable Integer timerPeriod;
  @XmlAttribute private @Nullable String serverName;
  @XmlAttribute private @Nullable String runtimeDir;
  @XmlAttribute private @Nullable String path;
  @XmlAttribute private @Nullable String driver;
  @XmlAttribute private @Nullable String tryMMap;
  @XmlAttribute private @Nullable String exclusive;
  @XmlAttribute private @Nullable Integer dspPolicy;
  @XmlElement private @Nullable Stream input;
  @XmlElement private @Nullable Stream output;

  private Audio() {}

  /** Number that sound cards name it by. */
  public int id() {
    return id == null ? 1 : id;
  }

  /** {@code none}, {@code alsa}, {@code pulseaudio}, {@code spice} … */
  public String type() {
    return type == null ? "none" : type;
  }

  /** Period of the timer in microseconds. */
  public OptionalInt timerPeriodMicros() {
    return maybe(timerPeriod);
  }

  /** The PulseAudio server. */
  public Optional<String> serverName() {
    return Optional.ofNullable(serverName);
  }

  /** Folder of PipeWire's sockets. */
  public Optional<String> runtimeDir() {
    return Optional.ofNullable(runtimeDir);
  }

  /** The WAV file that is written. */
  public Optional<String> path() {
    return Optional.ofNullable(path);
  }

  /** The driver below SDL. */
  public Optional<String> driver() {
    return Optional.ofNullable(driver);
  }

  /** OSS: whether to map the device's memory. */
  public Optional<Boolean> tryMmap() {
    return Toggle.of(tryMMap);
  }

  /** OSS: whether nobody else may use the device. */
  public Optional<Boolean> exclusive() {
    return Toggle.of(exclusive);
  }

  /** OSS: the timing policy. */
  public OptionalInt dspPolicy() {
    return maybe(dspPolicy);
  }

  /** Recording. */
  public Optional<Stream> input() {
    return Optional.ofNullable(input);
  }

  /** Playing. */
  public Optional<Stream> output() {
    return Optional.ofNullable(output);
  }

  private static OptionalInt maybe(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  /** One direction of the sound. */
  @XmlType(name = "")
  public static final class Stream {
    @XmlAttribute private @Nullable String mixingEngine;
    @XmlAttribute private @Nullable String fixedSettings;
    @XmlAttribute private @Nullable Integer voices;
    @XmlAttribute private @Nullable Integer bufferLength;
    @XmlAttribute private @Nullable String dev;
    @XmlAttribute private @Nullable Integer bufferCount;
    @XmlAttribute private @Nullable String tryPoll;
    @XmlAttribute private @Nullable String serverName;
    @XmlAttribute private @Nullable String clientName;
    @XmlAttribute private @Nullable String connectPorts;
    @XmlAttribute private @Nullable String exactName;
    @XmlAttribute private @Nullable String name;
    @XmlAttribute private @Nullable String streamName;
    @XmlAttribute private @Nullable Integer latency;
    @XmlElement private @Nullable Settings settings;

    private Stream() {}

    /** Whether QEMU mixes the streams itself. */
    public Optional<Boolean> mixingEngine() {
      return Toggle.of(mixingEngine);
    }

    /** Whether the settings below are used whatever the guest asks for. */
    public Optional<Boolean> fixedSettings() {
      return Toggle.of(fixedSettings);
    }

    /** Number of voices. */
    public OptionalInt voices() {
      return maybe(voices);
    }

    /** Length of the buffer in microseconds. */
    public OptionalInt bufferLengthMicros() {
      return maybe(bufferLength);
    }

    /** The host's device (ALSA, OSS). */
    public Optional<String> dev() {
      return Optional.ofNullable(dev);
    }

    /** Number of buffers. */
    public OptionalInt bufferCount() {
      return maybe(bufferCount);
    }

    /** Whether to poll the device. */
    public Optional<Boolean> tryPoll() {
      return Toggle.of(tryPoll);
    }

    /** JACK: the server. */
    public Optional<String> serverName() {
      return Optional.ofNullable(serverName);
    }

    /** JACK: our name. */
    public Optional<String> clientName() {
      return Optional.ofNullable(clientName);
    }

    /** JACK: pattern of the ports to connect to. */
    public Optional<String> connectPorts() {
      return Optional.ofNullable(connectPorts);
    }

    /** JACK: whether the name may not be changed. */
    public Optional<Boolean> exactName() {
      return Toggle.of(exactName);
    }

    /** PulseAudio, PipeWire: the sink or source. */
    public Optional<String> name() {
      return Optional.ofNullable(name);
    }

    /** PulseAudio, PipeWire: our name. */
    public Optional<String> streamName() {
      return Optional.ofNullable(streamName);
    }

    /** PulseAudio, PipeWire: delay in microseconds. */
    public OptionalInt latencyMicros() {
      return maybe(latency);
    }

    /** Samples a second. */
    public OptionalInt frequency() {
      return settings == null ? OptionalInt.empty() : maybe(settings.frequency);
    }

    /** Number of channels. */
    public OptionalInt channels() {
      return settings == null ? OptionalInt.empty() : maybe(settings.channels);
    }

    /** Format of a sample, such as {@code s16}. */
    public Optional<String> format() {
      return settings == null ? Optional.empty() : Optional.ofNullable(settings.format);
    }
  }

  @XmlType(name = "")
  private static final class Settings {
    @XmlAttribute private @Nullable Integer frequency;
    @XmlAttribute private @Nullable Integer channels;
    @XmlAttribute private @Nullable String format;
  }
}
