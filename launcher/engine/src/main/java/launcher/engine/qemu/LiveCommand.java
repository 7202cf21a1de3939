package launcher.engine.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import launcher.drivers.qemu.command.CommandLine;
import launcher.schemas.XmlElement;

/**
 * The options of a command that belong to one device: what must be told to a running QEMU to plug
 * it in.
 *
 * @param options in the order of the command
 */
public record LiveCommand(List<Option> options) {
  private static final Pattern IMAGE =
      Pattern.compile("\"node-name\":\"libvirt-\\d+-(storage|slice-sto|format)\"");

  /**
   * One option.
   *
   * @param flag such as {@code -device}
   * @param value as QEMU reads it; empty for a flag alone
   */
  public record Option(String flag, String value) {}

  /** Copies the list. */
  public LiveCommand {
    options = List.copyOf(options);
  }

  /** The options that come from a device or from what stands in it. */
  static LiveCommand of(CommandLine line, XmlElement device) {
    List<Option> options = new ArrayList<>();
    List<CommandLine.Piece> pieces = line.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      CommandLine.Piece piece = pieces.get(i);
      if (piece.text().startsWith("-")
          && piece.origin().filter(o -> within(o, device)).isPresent()) {
        boolean valued = i + 1 < pieces.size() && !pieces.get(i + 1).text().startsWith("-");
        options.add(new Option(piece.text(), valued ? pieces.get(i + 1).text() : ""));
      }
    }
    return new LiveCommand(options);
  }

  /** Those that make the images of a disk's source, without the filters above them. */
  LiveCommand images() {
    return new LiveCommand(
        options.stream()
            .filter(option -> option.flag().equals("-blockdev"))
            .filter(option -> IMAGE.matcher(option.value()).find())
            .toList());
  }

  private static boolean within(XmlElement origin, XmlElement device) {
    Optional<XmlElement> here = Optional.of(origin);
    while (here.isPresent()) {
      if (here.get().equals(device)) {
        return true;
      }
      here = here.get().parent();
    }
    return false;
  }
}
