package launcher.engine.shutdown;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import launcher.engine.EngineException;

/**
 * The host's policy as a file of {@code name = value} lines; {@code #} begins a comment line.
 *
 * <pre>
 * ladder = save 300s, acpi 60s, power-off
 * budget = 600
 * parallel = 4
 * on-boot = resume
 * transients = yes
 * start-delay = 0
 * bypass-cache = no
 * sync-time = no
 * </pre>
 */
public final class PolicyFile {
  /** Its name in the configuration folder. */
  public static final String NAME = "shutdown.conf";

  private static final Set<String> NAMES =
      new LinkedHashSet<>(
          List.of(
              "ladder",
              "budget",
              "parallel",
              "on-boot",
              "transients",
              "start-delay",
              "bypass-cache",
              "sync-time"));

  private PolicyFile() {}

  /**
   * Reads a file; a missing one is the usual policy.
   *
   * @throws EngineException with every wrong line
   */
  public static HostPolicy read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (NoSuchFileException _) {
      return HostPolicy.USUAL;
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED, "Cannot read '" + file + "': " + e.getMessage(), e);
    }
  }

  static HostPolicy parse(String text, String file) {
    HostPolicy usual = HostPolicy.USUAL;
    SettingLines lines = new SettingLines(file, text);
    HostPolicy policy =
        new HostPolicy(
            lines.value("ladder", Ladder::parse, usual.ladder()),
            lines.value("budget", v -> seconds("budget", v, 1, 86_400), usual.budget()),
            lines.value(
                "parallel",
                v -> Settings.number("parallel", v, 1, HostPolicy.MOST_PARALLEL),
                usual.parallel()),
            lines.value("on-boot", PolicyFile::onBoot, usual.resume()),
            lines.value("transients", v -> Settings.yesOrNo("transients", v), usual.transients()),
            lines.value("start-delay", v -> seconds("start-delay", v, 0, 3600), usual.startDelay()),
            lines.value(
                "bypass-cache", v -> Settings.yesOrNo("bypass-cache", v), usual.bypassCache()),
            lines.value("sync-time", v -> Settings.yesOrNo("sync-time", v), usual.syncTime()));
    lines.check(NAMES);
    return policy;
  }

  private static Duration seconds(String name, String value, int least, int most) {
    return Duration.ofSeconds(Settings.number(name, value, least, most));
  }

  private static boolean onBoot(String value) {
    return switch (value) {
      case "resume" -> true;
      case "ignore" -> false;
      default ->
          throw new IllegalArgumentException("'on-boot' is resume or ignore, not '" + value + "'");
    };
  }

  /** The policy as such a file. */
  public static String text(HostPolicy policy) {
    return """
    ladder = %s
    budget = %d
    parallel = %d
    on-boot = %s
    transients = %s
    start-delay = %d
    bypass-cache = %s
    sync-time = %s
    """
        .formatted(
            policy.ladder(),
            policy.budget().toSeconds(),
            policy.parallel(),
            policy.resume() ? "resume" : "ignore",
            word(policy.transients()),
            policy.startDelay().toSeconds(),
            word(policy.bypassCache()),
            word(policy.syncTime()));
  }

  private static String word(boolean value) {
    return value ? "yes" : "no";
  }
}
