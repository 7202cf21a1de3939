package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code <shmem>}: memory that several guests or programs share. */
public final class Shmem extends Device {
  @XmlAttribute private @Nullable String name;
  @XmlAttribute private @Nullable String role;
  @XmlElement private @Nullable Model model;
  @XmlElement private @Nullable Scaled size;
  @XmlElement private @Nullable Server server;
  @XmlElement private @Nullable Msi msi;

  private Shmem() {}

  /** Name of the shared memory object. */
  public String name() {
    return name == null ? "" : name;
  }

  /** Whether the memory goes along when the guest moves: {@code master} or {@code peer}. */
  public Optional<String> role() {
    return Optional.ofNullable(role);
  }

  /** {@code ivshmem}, {@code ivshmem-plain} or {@code ivshmem-doorbell}. */
  public String model() {
    return model == null || model.type == null ? "ivshmem" : model.type;
  }

  /** Size in bytes. */
  public OptionalLong sizeBytes() {
    return size == null ? OptionalLong.empty() : size.bytes("b");
  }

  /** Whether there is a server that passes interrupts on. */
  public boolean hasServer() {
    return server != null;
  }

  /** Unix socket of the server; none where the launcher chooses. */
  public Optional<String> serverPath() {
    return server == null ? Optional.empty() : Optional.ofNullable(server.path);
  }

  /** Number of message-signalled interrupts. */
  public OptionalInt msiVectors() {
    return msi == null || msi.vectors == null ? OptionalInt.empty() : OptionalInt.of(msi.vectors);
  }

  /** Whether the interrupts may be raised by a file descriptor. */
  public Optional<Boolean> msiIoeventfd() {
    return msi == null ? Optional.empty() : Toggle.of(msi.ioeventfd);
  }

  @XmlType(name = "")
  private static final class Model {
    @XmlAttribute private @Nullable String type;
  }

  @XmlType(name = "")
  private static final class Server {
    @XmlAttribute private @Nullable String path;
  }

  @XmlType(name = "")
  private static final class Msi {
    @XmlAttribute private @Nullable Integer vectors;
    @XmlAttribute private @Nullable String ioeventfd;
  }
}
