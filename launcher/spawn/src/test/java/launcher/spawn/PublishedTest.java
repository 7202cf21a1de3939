package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others build on: the lines of the README, and an executor that anybody can make again. */
class PublishedTest {
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern COMMAND =
      Pattern.compile("<id>executor</id>(.*?)</execution>", Pattern.DOTALL);
  private static final Pattern ARGUMENT = Pattern.compile("<argument>(.*?)</argument>");
  private static final Duration LONGEST = Duration.ofMinutes(3);

  @TempDir Path folder;

  @Test
  void theLinesOfTheReadmeCompile() throws Exception {
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
    assertTrue(example.find(), "the README has an example");
    Path source =
        Files.writeString(
            folder.resolve("Example.java"),
            """
            import java.nio.file.Path;
            import java.util.Set;
            import launcher.spawn.*;
            class Example {
              static void log(Object what) {}
              static void example() {
            %s
              }
            }
            """
                .formatted(example.group(1)));
    CommandSpec javac =
        CommandSpec.of(Path.of(System.getProperty("java.home"), "bin", "javac"))
            .add("-Werror", "-Xlint:all", "-cp", "target/classes", "-d", folder.toString())
            .add(source.toString())
            .environment(Environment.common())
            .capture()
            .build();
    Completed compiled = new RealSpawner().run(javac, LONGEST);
    assertTrue(compiled.status().success(), () -> compiled.error().text());
    assertTrue(Files.exists(folder.resolve("Example.class")));
  }

  /** Elsewhere, with the words of the build: the same bytes. */
  @Test
  void theExecutorIsReproducible() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("src/main/c"));
    try (Stream<Path> files = Files.list(Path.of("src/main/c"))) {
      for (Path file : files.toList()) {
        Files.copy(file, sources.resolve(file.getFileName()));
      }
    }
    CommandSpec compiler =
        CommandSpec.of("/usr/bin/cc")
            .addAll(words())
            .workingDirectory(folder)
            .environment(Environment.common())
            .capture()
            .build();
    new RealSpawner().run(compiler, LONGEST).orThrow();
    Path built = Path.of(System.getProperty(ExecutorFile.PROPERTY));
    assertEquals(-1, Files.mismatch(built, folder.resolve("made-again")));
  }

  private static List<String> words() throws Exception {
    Matcher command = COMMAND.matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(command.find(), "the pom compiles the executor");
    List<String> words = new ArrayList<>();
    Matcher argument = ARGUMENT.matcher(command.group(1));
    while (argument.find()) {
      words.add(argument.group(1).replace("${executor}", "made-again"));
    }
    assertTrue(words.contains("made-again"), () -> "no output in " + words);
    return words;
  }
}
