package launcher.engine;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where everything lies. As root the folders of the system, for a plain user those of XDG, for a
 * test or a try all of them under one.
 *
 * @param configuration what people define: guests, networks
 * @param runtime what runs; gone after a reboot of the host
 * @param state what lasts: saved guests, firmware variables, snapshots
 * @param logs of guests
 * @param cache what can be made again: capabilities of programs
 */
public record Folders(Path configuration, Path runtime, Path state, Path logs, Path cache) {
  /** The variable that puts everything under one folder. */
  public static final String ROOT_VARIABLE = "LAUNCHER_ROOT";

  public Folders {
    for (Path folder : new Path[] {configuration, runtime, state, logs, cache}) {
      if (!folder.isAbsolute()) {
        throw new IllegalArgumentException("'" + folder + "' is not an absolute path");
      }
    }
  }

  /** Everything under one folder, as with {@code --root}. */
  public static Folders under(Path root) {
    Path absolute = root.toAbsolutePath().normalize();
    return new Folders(
        absolute.resolve("etc"),
        absolute.resolve("run"),
        absolute.resolve("lib"),
        absolute.resolve("log"),
        absolute.resolve("cache"));
  }

  /** The folders of the system. */
  public static Folders system() {
    return new Folders(
        Path.of("/etc/launcher"),
        Path.of("/run/launcher"),
        Path.of("/var/lib/launcher"),
        Path.of("/var/log/launcher"),
        Path.of("/var/cache/launcher"));
  }

  /**
   * The folders of a plain user.
   *
   * @param environment HOME and the XDG variables (XDG Base Directory Specification 0.8)
   * @param uid for the runtime folder where XDG_RUNTIME_DIR is not set
   */
  public static Folders user(Map<String, String> environment, long uid) {
    Path home = Path.of(environment.getOrDefault("HOME", "/"));
    Path state = xdg(environment, "XDG_STATE_HOME", home.resolve(".local/state"));
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    return new Folders(
        xdg(environment, "XDG_CONFIG_HOME", home.resolve(".config")).resolve("launcher"),
        runtime.startsWith("/")
            ? Path.of(runtime).resolve("launcher")
            : Path.of("/tmp/launcher-" + uid),
        state.resolve("launcher"),
        state.resolve("launcher/log"),
        xdg(environment, "XDG_CACHE_HOME", home.resolve(".cache")).resolve("launcher"));
  }

  // The specification: a path that is not absolute is to be ignored.
  private static Path xdg(Map<String, String> environment, String name, Path otherwise) {
    String value = environment.getOrDefault(name, "");
    return value.startsWith("/") ? Path.of(value) : otherwise;
  }

  /** Those of this process: {@value #ROOT_VARIABLE}, else the system's for root, else XDG's. */
  public static Folders ofEnvironment(Map<String, String> environment, long uid) {
    String root = environment.getOrDefault(ROOT_VARIABLE, "");
    if (!root.isEmpty()) {
      return under(Path.of(root));
    }
    return uid == 0 ? system() : user(environment, uid);
  }

  /** Definitions of guests. */
  public Path guests() {
    return configuration.resolve("guests");
  }

  /** What is remembered of the host's devices: what they were, and who has them. */
  public Path devices() {
    return runtime.resolve("devices");
  }

  /** Definitions of networks. */
  public Path networks() {
    return configuration.resolve("networks");
  }
}
