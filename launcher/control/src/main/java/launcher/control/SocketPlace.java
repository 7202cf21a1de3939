package launcher.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the daemon of a user listens.
 *
 * @param runtime the folder of what lives until the next boot
 */
public record SocketPlace(Path runtime) {

  /**
   * The place for this process: under {@code root} if given, else {@code /run/launcher} for uid 0,
   * else {@code $XDG_RUNTIME_DIR/launcher}, else {@code /run/user/UID/launcher} where systemd made
   * that folder, else {@code ~/.cache/launcher/run}.
   *
   * @param root what {@code --root} or {@code LAUNCHER_ROOT} said
   */
  public static SocketPlace of(Optional<Path> root, Map<String, String> environment)
      throws IOException {
    if (root.isPresent()) {
      return new SocketPlace(root.get().toAbsolutePath().normalize().resolve("run"));
    }
    int uid = uid();
    if (uid == 0) {
      return ofSystem();
    }
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (runtime.startsWith("/")) {
      return new SocketPlace(Path.of(runtime, "launcher"));
    }
    Path user = Path.of("/run/user", Integer.toString(uid));
    if (Files.isWritable(user)) {
      return new SocketPlace(user.resolve("launcher"));
    }
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return new SocketPlace(Path.of(home, ".cache", "launcher", "run"));
  }

  /** The place of the host's daemon, which is root's. */
  public static SocketPlace ofSystem() {
    return new SocketPlace(Path.of("/run/launcher"));
  }

  /** The effective user id of this process, from the owner of its folder under /proc (proc(5)). */
  public static int uid() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  /** The daemon's socket. */
  public Path socket() {
    return runtime.resolve("launcher.sock");
  }
}
