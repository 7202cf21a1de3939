package launcher.drivers.openvz;

import java.util.List;
import java.util.stream.Stream;
import launcher.schemas.XmlElement;
import launcher.spawn.CommandSpec;
import launcher.spawn.Environment;

/**
 * The commands of OpenVZ's own tools for one container, as data (vzctl(8), vzlist(8)).
 *
 * @param id number of the container, which is the name of its domain
 */
public record Vzctl(String id) {
  private static final String LIST = "vzlist";

  /**
   * For a container.
   *
   * @throws IllegalArgumentException when the name is no number from 1 up
   */
  public Vzctl {
    if (!id.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          "'" + id + "' is not the number of an OpenVZ container: its domain is named by that");
    }
  }

  /** For the container of a domain. */
  public static Vzctl of(XmlElement domain) {
    return new Vzctl(domain.value("name", "").strip());
  }

  /** Every container: number, status. */
  public static CommandSpec list() {
    return command(LIST, List.of("-a", "-o", "ctid,status", "-H"));
  }

  /** Makes the container's files from a template. */
  CommandSpec create(String template) {
    return vzctl("create", "--name", id, "--ostemplate", template);
  }

  /** Starts it. */
  public CommandSpec start() {
    return vzctl("start");
  }

  /** Stops it, letting its init end. */
  public CommandSpec stop() {
    return vzctl("stop");
  }

  /** Stops it at once. */
  public CommandSpec kill() {
    return vzctl("stop", "--fast");
  }

  /** Boots it anew. */
  public CommandSpec restart() {
    return vzctl("restart");
  }

  /** Freezes it. */
  public CommandSpec suspend() {
    return vzctl("chkpnt", "--suspend");
  }

  /** Lets it run again. */
  public CommandSpec resume() {
    return vzctl("chkpnt", "--resume");
  }

  /** Removes it with its files. */
  public CommandSpec destroy() {
    return vzctl("destroy");
  }

  /** Whether it starts with the host. */
  public CommandSpec startsWithHost(boolean wanted) {
    return set("--onboot", wanted ? "yes" : "no");
  }

  /** {@code running}, {@code stopped} … */
  public CommandSpec status() {
    return command(LIST, List.of(id, "-o", "status", "-H"));
  }

  /** Changes a setting for good. */
  CommandSpec set(String... setting) {
    return vzctl(
        "set", Stream.concat(Stream.of(setting), Stream.of("--save")).toArray(String[]::new));
  }

  private CommandSpec vzctl(String act, String... more) {
    return command("vzctl", Stream.concat(Stream.of("--quiet", act, id), Stream.of(more)).toList());
  }

  private static CommandSpec command(String program, List<String> words) {
    return CommandSpec.of(program)
        .addAll(words)
        .environment(Environment.common())
        .capture()
        .build();
  }
}
