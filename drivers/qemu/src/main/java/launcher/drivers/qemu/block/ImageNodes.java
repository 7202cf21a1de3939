package launcher.drivers.qemu.block;

import java.util.Optional;
import java.util.function.IntSupplier;
import launcher.schemas.domain.Encryption;
import launcher.schemas.domain.Image;

/**
 * One image of a chain with the names of its block nodes: the protocol below, a slice of it, the
 * format on top; and the images that it refers to.
 *
 * @param label in the names of its nodes
 * @param formatted whether there is a node for the format
 * @param dataStore the image that holds the data
 * @param backing the image below
 */
record ImageNodes(
    Image image,
    String label,
    boolean formatted,
    Optional<ImageNodes> dataStore,
    Optional<ImageNodes> backing) {

  /**
   * The nodes of a chain, numbered from the top.
   *
   * @param rawLayer whether a raw image has a node for its format
   */
  static ImageNodes of(Image image, boolean rawLayer, IntSupplier numbers) {
    String label = Integer.toString(numbers.getAsInt());
    Optional<ImageNodes> data = image.dataStore().map(d -> of(d, rawLayer, numbers));
    Optional<ImageNodes> below =
        switch (image.below()) {
          case Image.Below.Backing backing -> Optional.of(of(backing.image(), rawLayer, numbers));
          case Image.Below.End end -> Optional.empty();
          case Image.Below.Unknown unknown -> Optional.empty();
        };
    return new ImageNodes(image, label, needsFormat(image, rawLayer), data, below);
  }

  /** The nodes of a firmware's variables, which belong to no disk. */
  static ImageNodes named(Image image, String label, boolean rawLayer) {
    return new ImageNodes(
        image, label, needsFormat(image, rawLayer), Optional.empty(), Optional.empty());
  }

  private static boolean needsFormat(Image image, boolean rawLayer) {
    boolean decrypts = image.encryption().filter(ImageNodes::byQemu).isPresent();
    return switch (image.format()) {
      case "raw" -> rawLayer || decrypts;
      default -> true;
    };
  }

  static boolean byQemu(Encryption encryption) {
    return encryption.engine().equals("qemu");
  }

  /** The node that reads and writes the source. */
  String storage() {
    return "libvirt-" + label + "-storage";
  }

  /** The node that shows a part of the source. */
  String slice() {
    return "libvirt-" + label + "-slice-sto";
  }

  /** The node that understands the format. */
  String format() {
    return "libvirt-" + label + "-format";
  }

  /** The node below the format. */
  String lower() {
    return image.slice().isPresent() ? slice() : storage();
  }

  /** The uppermost node. */
  String top() {
    return formatted ? format() : lower();
  }
}
