package launcher.engine.saving;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.store.AtomicFile;

/**
 * A saved guest: a line that says what it is, its live XML, and QEMU's own stream from the next
 * multiple of 4096 bytes on.
 *
 * <pre>
 * launcher saved guest 1\n  running|paused\n  length of the XML\n  XML  zeros  stream
 * </pre>
 *
 * @param xml the live definition
 * @param running whether it ran when it was saved
 * @param begin where the stream begins, in bytes
 */
public record SaveFile(String xml, boolean running, long begin) {
  private static final String MAGIC = "launcher saved guest 1";
  private static final int BLOCK = 4096;
  private static final int LONGEST_XML = 8 << 20;

  /** More than the three lines before the XML have in bytes. */
  private static final int LONGEST_HEAD_LINES = 64;

  private static byte[] head(String xml, boolean running) {
    byte[] text = xml.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        (MAGIC + "\n" + (running ? "running" : "paused") + "\n" + text.length + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    int begin = (head.length + text.length + BLOCK - 1) / BLOCK * BLOCK;
    return ByteBuffer.allocate(begin).put(head).put(text).array();
  }

  /**
   * Puts the head back as it was written, if it is not so any more.
   *
   * @return whether anything had been changed
   */
  static boolean mend(Path file, String xml, boolean running) throws IOException {
    byte[] written = head(xml, running);
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer found = ByteBuffer.allocate(written.length);
      int count = 0;
      while (found.hasRemaining() && count >= 0) {
        count = channel.read(found, found.position());
      }
      if (Arrays.equals(found.array(), written)) {
        return false;
      }
      overwrite(channel, written);
      return true;
    }
  }

  private static void overwrite(FileChannel channel, byte[] head) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(head);
    while (rest.hasRemaining()) {
      channel.write(rest, rest.position());
    }
    channel.force(true);
  }

  /**
   * Writes another head into the place of the present one; the stream behind it stays where it is.
   *
   * @throws EngineException when it is larger than its place
   */
  static SaveFile rewrite(Path file, SaveFile old, String xml, boolean running) throws IOException {
    int place = Math.toIntExact(old.begin());
    String filled = xml;
    byte[] head = head(filled, running);
    if (head.length < place) {
      // blanks behind the document fill the blocks that it does not need any more
      int bytes = filled.getBytes(StandardCharsets.UTF_8).length;
      filled = filled + " ".repeat(Math.max(0, place - LONGEST_HEAD_LINES - bytes));
      head = head(filled, running);
    }
    if (head.length != place) {
      throw new EngineException(
          Kind.INVALID,
          "the XML does not fit into '"
              + file
              + "', which has "
              + place
              + " bytes for it: make it shorter, or restore with --xml");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      overwrite(channel, head);
    }
    return new SaveFile(filled, running, place);
  }

  /** Writes the head of a new file, which must not be there. */
  static SaveFile create(Path file, String xml, boolean running) throws IOException {
    byte[] head = head(xml, running);
    ByteBuffer content = ByteBuffer.wrap(head);
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(AtomicFile.permissions(0600)))) {
      while (content.hasRemaining()) {
        channel.write(content);
      }
    }
    return new SaveFile(xml, running, head.length);
  }

  /**
   * Reads the head.
   *
   * @throws EngineException when it is no saved guest
   */
  public static SaveFile read(Path file) {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      if (!line(in).equals(MAGIC)) {
        throw notSaved(file, "it does not begin with '" + MAGIC + "'");
      }
      boolean running = line(in).equals("running");
      int length = Integer.parseInt(line(in));
      if (length < 0 || length > LONGEST_XML) {
        throw notSaved(file, "its XML would have " + length + " bytes");
      }
      byte[] text = in.readNBytes(length);
      int head = MAGIC.length() + 1 + (running ? 8 : 7) + Integer.toString(length).length() + 1;
      long begin = ((long) head + length + BLOCK - 1) / BLOCK * BLOCK;
      if (text.length < length || Files.size(file) <= begin) {
        throw notSaved(file, "it is cut short");
      }
      return new SaveFile(new String(text, StandardCharsets.UTF_8), running, begin);
    } catch (NumberFormatException e) {
      throw notSaved(file, "its head is damaged");
    } catch (IOException e) {
      throw new EngineException(
          Kind.NOT_FOUND,
          "the saved guest '" + file + "' cannot be read: " + EngineException.reason(e),
          e);
    }
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    while (c >= 0 && c != '\n' && line.length() < 100) {
      line.append((char) c);
      c = in.read();
    }
    return line.toString();
  }

  private static EngineException notSaved(Path file, String why) {
    return new EngineException(Kind.INVALID, "'" + file + "' is no saved guest: " + why);
  }
}
