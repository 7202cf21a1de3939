package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <tpm>}: a trusted platform module. */
public final class Tpm extends Device {
  @XmlAttribute private @Nullable String model;
  @XmlElement private @Nullable BackendElement backend;

  private Tpm() {}

  /** {@code tpm-tis}, {@code tpm-crb}, {@code tpm-spapr} or {@code spapr-tpm-proxy}. */
  public String model() {
    return model == null ? "" : model;
  }

  /** What plays the module. */
  public Backend backend() {
    return backend == null ? new Backend.Passthrough("/dev/tpm0") : backend.typed();
  }

  /** What plays the module. */
  public sealed interface Backend {
    /** The host's own. */
    record Passthrough(String device) implements Backend {}

    /**
     * An emulator that is started with the guest.
     *
     * @param version {@code 1.2} or {@code 2.0}
     * @param secret UUID of the secret that encrypts its state
     * @param state where its state is kept; none where the launcher chooses
     * @param activePcrBanks names of the banks that are on, empty for the default
     */
    record Emulator(
        String version,
        Optional<String> secret,
        boolean persistentState,
        Optional<State> state,
        List<String> activePcrBanks,
        Optional<Profile> profile,
        Optional<String> debug)
        implements Backend {
      /** Copies the list. */
      public Emulator {
        activePcrBanks = List.copyOf(activePcrBanks);
      }
    }

    /** An emulator that somebody else runs, at a Unix socket. */
    record External(CharBackend source) implements Backend {}
  }

  /** Where an emulator's state is: {@code file} or {@code dir}, and its path. */
  public record State(String type, String path) {}

  /** The emulator's profile of TPM functions. */
  public record Profile(
      Optional<String> source, Optional<String> removeDisabled, Optional<String> name) {}

  @XmlType(name = "")
  private static final class BackendElement extends ModelElement {
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String version;

    @XmlAttribute(name = "persistent_state")
    private @Nullable String persistentState;

    @XmlAttribute private @Nullable String debug;
    @XmlElement private @Nullable DeviceElement device;
    @XmlElement private @Nullable Encryption encryption;
    @XmlElement private @Nullable SourceElement source;
    @XmlElement private @Nullable ProfileElement profile;

    Backend typed() {
      return switch (type == null ? "passthrough" : type) {
        case "emulator" -> emulator();
        case "external" ->
            new Backend.External(
                new CharBackend.Unix(
                    source != null && "bind".equals(source.mode),
                    Optional.ofNullable(source).map(s -> s.path == null ? "" : s.path),
                    Optional.empty()));
        default ->
            new Backend.Passthrough(
                device == null || device.path == null ? "/dev/tpm0" : device.path);
      };
    }

    private Backend emulator() {
      return new Backend.Emulator(
          version == null ? "2.0" : version,
          Optional.ofNullable(encryption).map(e -> e.secret),
          Toggle.isSet(persistentState),
          Optional.ofNullable(source)
              .map(s -> new State(s.type == null ? "dir" : s.type, s.path == null ? "" : s.path)),
          banks(),
          Optional.ofNullable(profile).map(ProfileElement::typed),
          Optional.ofNullable(debug));
    }

    private List<String> banks() {
      List<String> banks = new ArrayList<>();
      element()
          .child("active_pcr_banks")
          .ifPresent(list -> list.children().forEach(bank -> banks.add(bank.name())));
      return banks;
    }
  }

  @XmlType(name = "")
  private static final class DeviceElement {
    @XmlAttribute private @Nullable String path;
  }

  @XmlType(name = "")
  private static final class Encryption {
    @XmlAttribute private @Nullable String secret;
  }

  @XmlType(name = "")
  private static final class SourceElement {
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String mode;
    @XmlAttribute private @Nullable String path;
  }

  @XmlType(name = "")
  private static final class ProfileElement {
    @XmlAttribute private @Nullable String source;
    @XmlAttribute private @Nullable String removeDisabled;
    @XmlAttribute private @Nullable String name;

    Profile typed() {
      return new Profile(
          Optional.ofNullable(source),
          Optional.ofNullable(removeDisabled),
          Optional.ofNullable(name));
    }
  }
}
