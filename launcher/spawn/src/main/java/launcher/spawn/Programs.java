package launcher.spawn;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds programs by bare name, once, in the spawning process. */
public final class Programs {
  /** Where programs and what they load lie: without them nothing runs that is kept to paths. */
  public static final List<String> FOLDERS =
      List.of("/usr", "/lib", "/lib64", "/lib32", "/nix/store", "/gnu/store");

  private Programs() {}

  /**
   * Looks a bare name up.
   *
   * @param searchPath folders with colons between, as PATH has them; relative ones are passed over
   */
  public static Optional<Path> find(String name, String searchPath) {
    for (String folder : searchPath.split(":", -1)) {
      if (folder.startsWith("/")) {
        Path candidate = Path.of(folder).resolve(name);
        if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The absolute path of a command's program.
   *
   * @param program as it is where it is absolute; else a bare name
   * @throws SpawnException when a bare name is in no folder of PATH
   */
  public static Path resolve(Path program) {
    if (program.isAbsolute()) {
      return program;
    }
    String searchPath = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    return find(program.toString(), searchPath)
        .orElseThrow(() ->
            new SpawnException(
                SpawnStep.FIND_PROGRAM,
                "",
                program,
                Errno.ENOENT,
                "It is in no folder of PATH, " + searchPath));
  }
}
