package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <rng>}: a source of random numbers for the guest. */
public final class Rng extends Device {
  @XmlAttribute private @Nullable String model;
  @XmlElement private @Nullable VirtioDriver driver;
  @XmlElement private @Nullable Rate rate;
  @XmlElement private @Nullable BackendElement backend;

  private Rng() {}

  /** {@code virtio}, {@code virtio-transitional} or {@code virtio-non-transitional}. */
  public String model() {
    return model == null ? "virtio" : model;
  }

  /** Options of the virtio device. */
  public Optional<VirtioDriver> driver() {
    return Optional.ofNullable(driver);
  }

  /** Bytes that the guest gets in one period. */
  public OptionalInt rateBytes() {
    return rate == null || rate.bytes == null ? OptionalInt.empty() : OptionalInt.of(rate.bytes);
  }

  /** Length of the period in milliseconds. */
  public OptionalInt ratePeriodMillis() {
    return rate == null || rate.period == null ? OptionalInt.empty() : OptionalInt.of(rate.period);
  }

  /** Where the numbers come from. */
  public Backend backend() {
    return backend == null ? new Backend.Builtin() : backend.typed();
  }

  /** Where random numbers come from. */
  public sealed interface Backend {
    /** A file of the host, such as {@code /dev/urandom}. */
    record RandomFile(String path) implements Backend {}

    /** A daemon that speaks the EGD protocol. */
    record Egd(CharBackend backend) implements Backend {}

    /** QEMU's own generator. */
    record Builtin() implements Backend {}
  }

  @XmlType(name = "")
  private static final class Rate {
    @XmlAttribute private @Nullable Integer bytes;
    @XmlAttribute private @Nullable Integer period;
  }

  @XmlType(name = "")
  private static final class BackendElement extends ModelElement {
    @XmlAttribute private @Nullable String model;
    @XmlAttribute private @Nullable String type;

    @XmlElement(name = "source")
    private final List<CharSource> sources = new ArrayList<>();

    @XmlElement private CharSource.@Nullable ProtocolElement protocol;

    Backend typed() {
      return switch (model == null ? "" : model) {
        case "random" -> new Backend.RandomFile(element().text().strip());
        case "egd" ->
            new Backend.Egd(CharSource.typed(type == null ? "null" : type, sources, protocol));
        default -> new Backend.Builtin();
      };
    }
  }
}
