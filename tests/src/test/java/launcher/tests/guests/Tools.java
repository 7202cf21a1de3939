package launcher.tests.guests;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The host's tools that make guests. */
public final class Tools {
  private Tools() {}

  /** Skips the calling test, saying which package brings the tool. */
  public static void require(String program, String debianPackage) {
    assumeTrue(
        Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")
            .anyMatch(d -> Files.isExecutable(Path.of(d, program))),
        "needs " + program + " (apt-get install " + debianPackage + ")");
  }

  /**
   * Downloads packages into a folder, without installing them; where they cannot be had the calling
   * test is skipped.
   */
  public static void download(Path folder, String... debianPackages)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    for (String debianPackage : debianPackages) {
      try {
        run(folder, "apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", debianPackage);
      } catch (IOException e) {
        abort("the package '" + debianPackage + "' cannot be downloaded: " + e.getMessage());
      }
    }
  }

  /** Runs a tool to its end; a status other than 0 is an error that carries what it printed. */
  public static String run(Path directory, String... command)
      throws IOException, InterruptedException {
    return run(directory, List.of(command));
  }

  static String run(Path directory, List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + text.strip());
    }
    return text;
  }
}
