package launcher.engine.isolation;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files a qcow2 image stands on, as its headers name them. Only an image that the XML calls
 * qcow2 is read: a raw disk's content is the guest's, which could write such a header itself and
 * would be given any file of the host.
 */
final class BackingChain {
  private static final int MAGIC = 0x514649fb;
  private static final int HEADER = 24;
  private static final int LONGEST_NAME = 1023;
  private static final int DEEPEST = 200;

  private BackingChain() {}

  /**
   * The images below a qcow2 image, nearest first.
   *
   * @throws IOException when one cannot be read, or they go round in a circle
   */
  static List<Path> of(Path image) throws IOException {
    List<Path> chain = new ArrayList<>();
    Path at = image;
    for (Optional<Path> below = backing(at); below.isPresent(); below = backing(at)) {
      at = below.get().toRealPath();
      if (chain.contains(at) || at.equals(image) || chain.size() == DEEPEST) {
        throw new IOException(
            "The backing files of '" + image + "' go round in a circle at '" + at + "'");
      }
      chain.add(at);
    }
    return chain;
  }

  /**
   * The header of qcow2 versions 2 and 3 (QEMU, docs/interop/qcow2.txt): magic, version, offset and
   * size of the name.
   */
  private static Optional<Path> backing(Path image) throws IOException {
    try (FileChannel channel = FileChannel.open(image)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER);
      if (channel.read(header, 0) < HEADER || header.getInt(0) != MAGIC) {
        return Optional.empty();
      }
      long offset = header.getLong(8);
      int size = header.getInt(16);
      if (offset == 0 || size <= 0 || size > LONGEST_NAME) {
        return Optional.empty();
      }
      ByteBuffer name = ByteBuffer.allocate(size);
      if (channel.read(name, offset) < size) {
        throw new EOFException("The header of '" + image + "' is cut off");
      }
      return local(image, new String(name.array(), StandardCharsets.UTF_8));
    }
  }

  /**
   * Names of protocols ({@code nbd://…}, {@code json:…}) are no files; a relative one starts at the
   * image.
   */
  private static Optional<Path> local(Path image, String name) {
    if (name.startsWith("file:")) {
      return local(image, name.substring("file:".length()));
    }
    boolean protocol = name.matches("[a-z][a-z0-9+.-]*:.*");
    return protocol ? Optional.empty() : Optional.of(image.resolveSibling(name));
  }
}
