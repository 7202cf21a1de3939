package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Runs each test of a class in a Java machine of its own, inside a fresh network namespace and a
 * fresh mount namespace with the {@code /sys} of that network. What a test does to bridges, packet
 * rules and forwarding is then the test's own, and gone with it, however it ends; so is every
 * process it started, for the machine is the first of a process namespace too.
 *
 * <p>A whole process, because a thread that enters a namespace takes neither the other threads of
 * the machine with it nor what they start. The methods {@code @BeforeEach} and {@code @AfterEach}
 * of the class run inside too.
 */
public final class InOwnNetwork implements InvocationInterceptor {
  private static final String INSIDE = "launcher.test.inside";
  private static final int ABORTED = 77;
  private static final int FAILED = 1;
  private static final long LONGEST_SECONDS = 240;

  @Override
  public void interceptBeforeEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> context,
      ExtensionContext extension) {
    invocation.skip();
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> context,
      ExtensionContext extension) {
    invocation.skip();
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> context,
      ExtensionContext extension)
      throws Throwable {
    invocation.skip();
    assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
    Path said = Files.createTempFile("inside-", ".log");
    try {
      Process process =
          new ProcessBuilder(command(context.getExecutable()))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String text = Files.readString(said, StandardCharsets.UTF_8);
      if (ended && process.exitValue() == ABORTED) {
        abort(text.strip().lines().reduce("", (a, b) -> b));
      }
      assertEquals(0, ended ? process.exitValue() : -1, text);
    } finally {
      Files.delete(said);
    }
  }

  private static List<String> command(Method test) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "unshare",
                "--net",
                "--mount",
                "--propagation",
                "private",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc"));
    words.add(ProcessHandle.current().info().command().orElse("java"));
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("launcher.")) {
        words.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    String classes = classPath();
    words.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-D" + INSIDE + "=yes",
            "-cp",
            classes,
            InOwnNetwork.class.getName(),
            test.getDeclaringClass().getName(),
            test.getName()));
    return words;
  }

  /**
   * Everything this machine sees, whether as modules or not: the test's own classes are patched
   * into a module.
   */
  private static String classPath() {
    List<String> entries = new ArrayList<>();
    entries.add(Path.of("target", "test-classes").toAbsolutePath().toString());
    for (String name : List.of("jdk.module.path", "surefire.test.class.path", "java.class.path")) {
      String value = System.getProperty(name, "");
      if (!value.isEmpty()) {
        entries.add(value);
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  /**
   * Runs one test, inside.
   *
   * @param words class and method
   */
  public static void main(String... words) throws Exception {
    Host.run("ip", "link", "set", "lo", "up");
    Host.run("mount", "-t", "sysfs", "none", "/sys");
    Files.createDirectories(Path.of("/run/netns"));
    Host.run("mount", "-t", "tmpfs", "none", "/run/netns");
    System.exit(status(Class.forName(words[0]), words[1]));
  }

  private static int status(Class<?> type, String test) throws ReflectiveOperationException {
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    Object instance = constructor.newInstance();
    try {
      all(instance, BeforeEach.class);
      try {
        call(instance, type.getDeclaredMethod(test));
      } finally {
        all(instance, AfterEach.class);
      }
      return 0;
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      cause.printStackTrace();
      if (cause instanceof TestAbortedException) {
        System.out.println(cause.getMessage());
        return ABORTED;
      }
      return FAILED;
    }
  }

  private static void all(Object instance, Class<? extends Annotation> mark)
      throws ReflectiveOperationException {
    for (Method method : instance.getClass().getDeclaredMethods()) {
      if (method.isAnnotationPresent(mark)) {
        call(instance, method);
      }
    }
  }

  private static void call(Object instance, Method method) throws ReflectiveOperationException {
    method.setAccessible(true);
    method.invoke(instance);
  }
}
