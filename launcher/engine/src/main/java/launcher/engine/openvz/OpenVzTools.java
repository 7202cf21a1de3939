package launcher.engine.openvz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import launcher.drivers.openvz.OpenVzConfiguration;
import launcher.drivers.openvz.Vzctl;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.store.AtomicFile;
import launcher.spawn.CommandBuilder;
import launcher.spawn.CommandSpec;
import launcher.spawn.Environment;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;

/** OpenVZ's own programs and configuration files on this host. */
public final class OpenVzTools {
  /** Making a container unpacks its template; vzctl itself waits two minutes for a stop. */
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private static final Duration LOOK = Duration.ofSeconds(20);

  private final Spawner spawner;
  private final Path folder;
  private final Optional<Path> programs;

  /**
   * For a host.
   *
   * @param folder of the configuration files, {@code /etc/vz/conf}
   * @param programs where vzctl and vzlist lie; empty to look in the usual places
   */
  public OpenVzTools(Spawner spawner, Path folder, Optional<Path> programs) {
    this.spawner = spawner;
    this.folder = folder;
    this.programs = programs;
  }

  /** Of this host: {@code /etc/vz/conf}, or where it lies when built by hand. */
  public static OpenVzTools ofHost(Spawner spawner) {
    Path usual = Path.of("/etc/vz/conf");
    Path local = Path.of("/usr/local/etc/conf");
    boolean byHand = !Files.isDirectory(usual) && Files.isDirectory(local);
    return new OpenVzTools(spawner, byHand ? local : usual, Optional.empty());
  }

  /** Whether this host has OpenVZ. */
  boolean present() {
    return Files.isDirectory(folder);
  }

  /** A command as it is run here. */
  CommandBuilder command(CommandSpec plan) {
    Path program = plan.program();
    return CommandSpec.of(programs.map(at -> at.resolve(program)).orElse(program))
        .addAll(plan.words())
        .environment(Environment.common());
  }

  /**
   * Runs a command to its end.
   *
   * @param act for the message, such as {@code shut down}
   * @return what it said
   */
  String run(String guest, String act, CommandSpec plan) {
    try {
      return spawner.run(command(plan).capture().build(), LONGEST).orThrow().text();
    } catch (SpawnException e) {
      throw new EngineException(
          Kind.FAILED,
          "OpenVZ container '" + guest + "': " + act + " failed: " + e.getMessage(),
          e);
    }
  }

  /**
   * Every container and its status, in vzlist's words: {@code running}, {@code stopped} …
   *
   * @throws EngineException when vzlist fails
   */
  Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    if (!present()) {
      return states;
    }
    String said;
    try {
      said = spawner.run(command(Vzctl.list()).capture().build(), LOOK).orThrow().text();
    } catch (SpawnException e) {
      throw new EngineException(
          Kind.FAILED, "OpenVZ's containers cannot be listed: " + e.getMessage(), e);
    }
    for (String line : said.lines().toList()) {
      String[] words = line.strip().split("\\s+");
      if (words.length == 2) {
        states.put(words[0], words[1]);
      }
    }
    return states;
  }

  /** Numbers of the containers that have a configuration file; 0 is OpenVZ's own. */
  List<String> containers() throws IOException {
    List<String> all = new ArrayList<>();
    if (present()) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.conf")) {
        for (Path file : files) {
          String name = String.valueOf(file.getFileName()).replaceFirst("\\.conf$", "");
          if (name.matches("[1-9][0-9]{0,8}") && Files.isRegularFile(file)) {
            all.add(name);
          }
        }
      }
    }
    all.sort(Comparator.comparingInt(Integer::parseInt));
    return all;
  }

  private Path file(String guest) {
    return folder.resolve(new Vzctl(guest).id() + ".conf");
  }

  /** A container's configuration, none when it has none. */
  Optional<OpenVzConfiguration> read(String guest) {
    Path file = file(guest);
    try {
      return Files.exists(file)
          ? Optional.of(OpenVzConfiguration.read(guest, text(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "'" + file + "' cannot be read: " + EngineException.reason(e), e);
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /** Writes a container's file anew as the sample that new containers are made from. */
  void writeSample(String guest, String privateFolder) {
    try {
      Path global = folder.resolveSibling("vz.conf");
      String kind =
          Files.exists(global)
              ? OpenVzConfiguration.value(text(global), "CONFIGFILE").orElse("basic")
              : "basic";
      Path sample = folder.resolve("ve-" + kind.replaceAll("[^A-Za-z0-9._-]", "") + ".conf-sample");
      String head = Files.exists(sample) ? text(sample).stripTrailing() + "\n" : "";
      AtomicFile.write(file(guest), head + "VE_PRIVATE=\"" + privateFolder + "\"\n");
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "'" + file(guest) + "' cannot be written: " + EngineException.reason(e), e);
    }
  }

  /** Notes a domain's UUID as libvirt does, in a comment. */
  void noteUuid(String guest, String uuid) {
    Path file = file(guest);
    try {
      String now = Files.exists(file) ? text(file) : "";
      if (!now.contains("#UUID: ")) {
        AtomicFile.write(file, now.stripTrailing() + "\n\n#UUID: " + uuid + "\n");
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "'" + file + "' cannot be written: " + EngineException.reason(e), e);
    }
  }

  /** Forgets the file of a container that vzctl did not make. */
  void forget(String guest) {
    try {
      Files.deleteIfExists(file(guest));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "'" + file(guest) + "' cannot be removed: " + EngineException.reason(e), e);
    }
  }
}
