package launcher.engine.isolation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import launcher.schemas.XmlElement;

/**
 * Whether QEMU's words have it listen or connect by TCP: a screen, a terminal, an image on the
 * network, a network that QEMU itself plays the router of. What may or may not counts as yes: a
 * guest that loses its network is worse off than one that could have done without.
 */
public final class TcpUse {
  /** Drivers of images and ways to name one (QEMU's block layer). */
  private static final String REMOTE =
      "(nbd|rbd|iscsi|iser|https?|ftps?|tftp|ssh|sftp|gluster|sheepdog|nfs|vxhs)";

  /** Of a word of its own, or of a value within one. */
  private static final List<Pattern> USES =
      List.of(
          Pattern.compile("\"type\":\"inet\"|\"driver\":\"" + REMOTE + "\""),
          Pattern.compile("tcp:|telnet:|websocket:|://"),
          Pattern.compile("(^|[,=])" + REMOTE + "(\\+[a-z]+)?:"),
          Pattern.compile("^(socket|vsc|channel|egd|udp|telnet|tcp)\\b.*\\b(host|port)="));

  /** By the option that stands before the word. */
  private static boolean uses(String option, String word) {
    return switch (option) {
      case "-vnc" -> !word.matches("(vnc=)?(unix:.*|none)") || word.contains("websocket");
      case "-spice" -> word.matches("(.*[,])?(tls-)?port=[1-9].*");
      case "-netdev", "-nic", "-net" ->
          word.matches("\\{.*\"type\":\"(user|socket|hubport|slirp)\".*|(user|socket|slirp)\\b.*");
      case "-display" -> word.matches("(sdl|gtk)\\b.*");
      case "-audiodev" -> word.matches(".*(\"driver\":\"|^|driver=)(pa|jack|sdl|coreaudio)\\b.*");
      // as they may stand in <qemu:commandline>
      case "-gdb", "-s", "-sdl", "-incoming" -> !word.matches("(fd:|unix:|defer|file:).*");
      default -> false;
    };
  }

  private TcpUse() {}

  /**
   * Whether a command uses TCP.
   *
   * @param words options and their values, as QEMU gets them
   */
  public static boolean of(List<String> words) {
    String before = "";
    for (String word : words) {
      if (uses(before, word) || USES.stream().anyMatch(use -> use.matcher(word).find())) {
        return true;
      }
      before = word;
    }
    return false;
  }

  /** Whether somebody adds words to QEMU's command that nobody here understands. */
  static boolean unknown(XmlElement live) {
    return live.children().stream()
        .anyMatch(child -> List.of("commandline", "override").contains(child.name()));
  }

  /** What a running process was started with; nothing where it has ended. */
  static List<String> command(int pid) {
    try {
      byte[] words = Files.readAllBytes(Path.of("/proc", Integer.toString(pid), "cmdline"));
      return Arrays.asList(new String(words, StandardCharsets.UTF_8).split("\0", -1));
    } catch (IOException ended) {
      return List.of();
    }
  }
}
