package launcher.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import launcher.engine.Console;
import launcher.engine.Engine;
import launcher.engine.Folders;
import launcher.engine.Guest;
import launcher.tests.tree.HelloGuest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the README, as it stands there: compiled, run, and a guest has lived. */
public final class ReadmeIT {
  private static final Pattern PROGRAM = Pattern.compile("(?s)```java\n(.*?)```");

  @TempDir Path folder;

  @Test
  void theTenLinesStartAGuest() throws Exception {
    Matcher found = PROGRAM.matcher(Files.readString(Path.of("../README.md")));
    assertTrue(found.find(), "the README has a program");
    Path root = folder.resolve("try");
    Path xml = HelloGuest.in(folder, "embedded");
    String program =
        found
            .group(1)
            .replace("/tmp/try", root.toString())
            .replace("\"guest.xml\"", '"' + xml.toString() + '"')
            // a guest that is asked before it is up does not hear it
            .replace("guest.shutdown(", "launcher.tests.ReadmeIT.awaitUp(guest);\nguest.shutdown(")
            .replace("ofSeconds(30)", "ofSeconds(120)");
    try {
      run(program);
    } finally {
      try (Engine engine = Engine.open(Folders.under(root))) {
        Guest guest = engine.guests().get("embedded");
        String state = guest.state().phase().words();
        if (guest.state().active()) {
          guest.destroy(false);
        }
        assertEquals("shut off", state);
      }
    }
    assertTrue(Files.size(root.resolve("log/embedded.log")) >= 0, "it was started");
  }

  /** Returns when the guest greets; for the program under test. */
  public static void awaitUp(Guest guest) throws IOException {
    try (Console console = guest.console("", true)) {
      StringBuilder read = new StringBuilder();
      while (read.indexOf("GUEST-UP\r\n") < 0) {
        int b = console.output().read();
        assertTrue(b >= 0, "the console ended after " + read);
        read.append((char) b);
      }
    }
  }

  private void run(String program) throws Exception {
    Path source =
        Files.writeString(
            folder.resolve("Ten.java"),
            "import java.nio.file.*; import java.time.*; import launcher.engine.*;\n"
                + "public final class Ten { public static void run() throws Exception {\n"
                + program
                + "}}\n");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    String path =
        System.getProperty("java.class.path")
            + File.pathSeparator
            + System.getProperty("jdk.module.path", "");
    boolean compiled =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of("-proc:none", "-cp", path, "-d", folder.toString()),
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
            .call();
    assertTrue(compiled, said.toString());
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      loader.loadClass("Ten").getMethod("run").invoke(null);
    }
  }
}
