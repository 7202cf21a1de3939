package launcher.schemas.domain;

import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.XmlElement;

/**
 * One image of a disk's chain: where its bytes are, how they are laid out, what lies under it.
 *
 * @param format {@code raw}, {@code qcow2} …
 * @param source where the bytes are
 * @param below what the image is layered on
 * @param dataStore where a qcow2 image keeps its data, if apart
 * @param auth who may read a network source
 * @param encryption how the bytes are encrypted
 * @param slice the part of the source that holds the image
 * @param metadataCacheBytes limit of the format's cache of tables
 * @param reservations who manages SCSI reservations
 * @param element where it stands in the document
 */
public record Image(
    String format,
    StorageSource source,
    Below below,
    Optional<Image> dataStore,
    Optional<StorageAuth> auth,
    Optional<Encryption> encryption,
    Optional<Slice> slice,
    OptionalLong metadataCacheBytes,
    Optional<Reservations> reservations,
    XmlElement element) {

  /** The same image with its bytes elsewhere. */
  Image with(StorageSource elsewhere) {
    return new Image(
        format,
        elsewhere,
        below,
        dataStore,
        auth,
        encryption,
        slice,
        metadataCacheBytes,
        reservations,
        element);
  }

  /** What an image is layered on. */
  public sealed interface Below {
    /** Not said: the image itself knows. */
    record Unknown() implements Below {}

    /** Nothing: the chain ends. */
    record End() implements Below {}

    /** Another image. */
    record Backing(Image image) implements Below {}
  }

  /**
   * A part of a source, in bytes.
   *
   * @param offset where it begins
   * @param size how long it is
   */
  public record Slice(long offset, long size) {}

  /**
   * Who manages SCSI reservations.
   *
   * @param managed whether the launcher starts the helper
   * @param socket of a helper that runs already
   */
  public record Reservations(boolean managed, Optional<String> socket) {}
}
