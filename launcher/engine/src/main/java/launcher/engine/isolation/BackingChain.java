package launcher.engine.isolation;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.spawn.libc.PinnedFile;

/**
 * The files a qcow2 image stands on, as its headers name them. Only what is called qcow2, by the
 * XML or by the header above, is read: a raw disk's content is the guest's, which could write such
 * a header itself and would be given any file of the host.
 */
final class BackingChain {
  private static final int DEEPEST = 200;

  private BackingChain() {}

  /** Says whether a file may be followed to that only an image names. */
  interface Trust {
    /**
     * Looks at it.
     *
     * @param image names it
     * @param backing resolved
     * @return why not; empty when it may
     */
    Optional<String> against(Path image, Path backing) throws IOException;
  }

  /**
   * The images below a qcow2 image, nearest first.
   *
   * @param dataFile whether the XML names the external data file that the image may have
   * @throws IOException when one cannot be read, may not be followed to, or they go round in a
   *     circle
   */
  static List<Path> of(Path image, boolean dataFile, Trust trust) throws IOException {
    List<Path> chain = new ArrayList<>();
    Path at = image;
    boolean read = true;
    while (read) {
      Qcow2Header header = header(at);
      if (header.externalData() && !(dataFile && at.equals(image))) {
        throw new IOException(
            "'"
                + at
                + "' keeps its data in another file: name that in a <dataStore> of its source");
      }
      if (header.backing().isEmpty()) {
        return chain;
      }
      Path below = local(at, header.backing());
      Optional<String> against = trust.against(at, below);
      if (against.isPresent()) {
        throw new IOException(
            "'"
                + at
                + "' names '"
                + below
                + "' as its backing file, and that is not followed: "
                + against.get()
                + "; if it is meant, name it in the disk's <backingStore>");
      }
      if (chain.contains(below) || below.equals(image) || chain.size() == DEEPEST) {
        throw new IOException(
            "The backing files of '" + image + "' go round in a circle at '" + below + "'");
      }
      chain.add(below);
      read = format(at, below, header).equals("qcow2");
      at = below;
    }
    return chain;
  }

  /** Without it QEMU would look at the content, which may be a guest's. */
  private static String format(Path image, Path below, Qcow2Header header) throws IOException {
    if (header.backingFormat().isEmpty()) {
      throw new IOException(
          "'"
              + image
              + "' does not say which format its backing file has: qemu-img rebase -u -F raw -b '"
              + below
              + "' '"
              + image
              + "' (or -F qcow2), or name it in the disk's <backingStore>");
    }
    return header.backingFormat();
  }

  /**
   * Of the very file that is looked at: a fifo is not waited for, and nothing changes meanwhile.
   */
  private static Qcow2Header header(Path image) throws IOException {
    try (PinnedFile pinned = PinnedFile.open(image)) {
      IsolationSteps.refuseOtherThanImage(pinned);
      try (FileChannel channel = FileChannel.open(pinned.link())) {
        ByteBuffer start = ByteBuffer.allocate(Qcow2Header.MOST);
        while (start.hasRemaining() && channel.read(start, start.position()) > 0) {}
        return Qcow2Header.read(start.flip());
      }
    } catch (EOFException e) {
      throw new IOException("The header of '" + image + "' is " + e.getMessage(), e);
    }
  }

  /** A relative name starts at the image. */
  private static Path local(Path image, String name) throws IOException {
    String path = name.startsWith("file:") ? name.substring("file:".length()) : name;
    if (path.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*") || path.isEmpty() || path.indexOf('\0') >= 0) {
      throw new IOException(
          "'"
              + image
              + "' names '"
              + name
              + "' as its backing file, and that is not followed: only files are; if it is meant, name it"
              + " in the disk's <backingStore>");
    }
    try {
      return image.resolveSibling(path).toRealPath();
    } catch (IOException e) {
      throw new IOException(
          "'"
              + image
              + "' stands on '"
              + path
              + "', which cannot be looked at: "
              + EngineException.reason(e),
          e);
    }
  }
}
