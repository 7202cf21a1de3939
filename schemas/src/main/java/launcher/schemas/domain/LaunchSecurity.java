package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <launchSecurity>}: memory that the host cannot read. */
public final class LaunchSecurity extends ModelElement {
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable String kernelHashes;
  @XmlAttribute private @Nullable String authorKey;
  @XmlAttribute private @Nullable String vcek;
  @XmlElement private @Nullable String cbitpos;
  @XmlElement private @Nullable String reducedPhysBits;
  @XmlElement private @Nullable String policy;
  @XmlElement private @Nullable String dhCert;
  @XmlElement private @Nullable String session;
  @XmlElement private @Nullable String guestVisibleWorkarounds;
  @XmlElement private @Nullable String idBlock;
  @XmlElement private @Nullable String idAuth;
  @XmlElement private @Nullable String hostData;
  @XmlElement private @Nullable String mrConfigId;
  @XmlElement private @Nullable String mrOwner;
  @XmlElement private @Nullable String mrOwnerConfig;
  @XmlElement private @Nullable Qgs quoteGenerationService;

  private LaunchSecurity() {}

  /** Sev, sev-snp, tdx or s390-pv. */
  public Optional<String> type() {
    return Optional.ofNullable(type);
  }

  /** Yes or no. */
  public Optional<String> kernelHashes() {
    return Optional.ofNullable(kernelHashes);
  }

  /** Yes or no. */
  public Optional<String> authorKey() {
    return Optional.ofNullable(authorKey);
  }

  /** Yes or no. */
  public Optional<String> vcek() {
    return Optional.ofNullable(vcek);
  }

  /** Place of the encryption bit. */
  public Optional<String> cbitpos() {
    return Optional.ofNullable(cbitpos);
  }

  /** Address bits that are lost. */
  public Optional<String> reducedPhysBits() {
    return Optional.ofNullable(reducedPhysBits);
  }

  /** What the guest's owner allows. */
  public Optional<String> policy() {
    return Optional.ofNullable(policy);
  }

  /** Owner's certificate. */
  public Optional<String> dhCert() {
    return Optional.ofNullable(dhCert);
  }

  /** Owner's session. */
  public Optional<String> session() {
    return Optional.ofNullable(session);
  }

  /** Base64. */
  public Optional<String> guestVisibleWorkarounds() {
    return Optional.ofNullable(guestVisibleWorkarounds);
  }

  /** Base64. */
  public Optional<String> idBlock() {
    return Optional.ofNullable(idBlock);
  }

  /** Base64. */
  public Optional<String> idAuth() {
    return Optional.ofNullable(idAuth);
  }

  /** Base64. */
  public Optional<String> hostData() {
    return Optional.ofNullable(hostData);
  }

  /** Base64. */
  public Optional<String> mrConfigId() {
    return Optional.ofNullable(mrConfigId);
  }

  /** Base64. */
  public Optional<String> mrOwner() {
    return Optional.ofNullable(mrOwner);
  }

  /** Base64. */
  public Optional<String> mrOwnerConfig() {
    return Optional.ofNullable(mrOwnerConfig);
  }

  /** Where quotes are made. */
  public Optional<Qgs> quoteGenerationService() {
    return Optional.ofNullable(quoteGenerationService);
  }

  /** {@code <quoteGenerationService>}. */
  @XmlType(name = "LaunchSecurity.Qgs")
  public static final class Qgs extends ModelElement {
    @XmlAttribute private @Nullable String path;

    private Qgs() {}

    /** Socket. */
    public Optional<String> path() {
      return Optional.ofNullable(path);
    }
  }
}
