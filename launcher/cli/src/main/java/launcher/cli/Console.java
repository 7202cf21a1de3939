package launcher.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/**
 * The verb {@code console}: joins this terminal and a guest's console until the escape key, the end
 * of the input or the guest's end.
 *
 * @param invocation the call
 */
record Console(Invocation invocation) {
  private static final int BUFFER_BYTES = 4096;

  Outcome run(String guest) throws IOException {
    int escape = escape(invocation.value("escape").orElse("^]"));
    Members which =
        Json.object(
            "guest",
            guest,
            "device",
            invocation.value("devname"),
            "autodestroy",
            invocation.flag("autodestroy"));
    ByteChannel channel = invocation.session().client().askStream("console", which);
    if (!invocation.options().quiet()) {
      invocation
          .output()
          .note("Connected to domain '" + guest + "'\nEscape character is " + shown(escape) + "\n");
    }
    try (RawTerminal _ = RawTerminal.ofStandardInput()) {
      Thread.ofPlatform().daemon().start(() -> send(channel, escape));
      receive(channel);
    }
    return Outcome.DONE;
  }

  /** A key as stty(1) writes control keys: {@code ^]}. */
  private static int escape(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (upper.length() == 2
        && upper.charAt(0) == '^'
        && upper.charAt(1) >= '@'
        && upper.charAt(1) <= '_') {
      return upper.charAt(1) - '@';
    }
    throw new ControlException(
        Outcome.USAGE, "--escape takes a control key such as ^] or ^A, not '" + text + "'");
  }

  private static String shown(int escape) {
    return "^" + (char) (escape + '@') + (escape == 0x1d ? " (Ctrl + ])" : "");
  }

  private static void send(ByteChannel channel, int escape) {
    byte[] bytes = new byte[BUFFER_BYTES];
    try (FileInputStream input = new FileInputStream(FileDescriptor.in)) {
      int count = input.read(bytes);
      while (count >= 0) {
        int end = indexOf(bytes, count, escape);
        write(channel, ByteBuffer.wrap(bytes, 0, end < 0 ? count : end));
        if (end >= 0) {
          break;
        }
        count = input.read(bytes);
      }
      channel.close();
    } catch (IOException e) {
      // the console has ended: receive() sees it too
    }
  }

  private static int indexOf(byte[] bytes, int count, int key) {
    for (int i = 0; i < count; i++) {
      if (bytes[i] == key) {
        return i;
      }
    }
    return -1;
  }

  private static void write(ByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void receive(ByteChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try (FileOutputStream output = new FileOutputStream(FileDescriptor.out)) {
      while (channel.read(buffer) >= 0) {
        output.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
    } catch (ClosedChannelException e) {
      // the escape key: send() closed it
    }
  }
}
