package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Steps that the kernel never refuses to root: strace(1) refuses them in its place, for a JVM and
 * what it starts.
 */
class InjectedFailureTest {
  private static final String STRACE = "/usr/bin/strace";
  @TempDir Path folder;

  @Test
  void stepsOfTheExecutor() {
    assertEquals(
        """
        session: 'new session': Operation not permitted
        rights: 'no new privileges': Invalid argument
        death: 'set parent death signal' of 'TERM': Invalid argument
        identity: 'set gid': Operation not permitted
        capabilities: 'set capabilities': Operation not permitted
        """,
        failures(
            List.of(
                "setsid:error=EPERM",
                "prctl:error=EINVAL:when=1", // of each process, and each of these asks once
                "setresgid:error=EPERM",
                "capset:error=EPERM"),
            "session",
            "rights",
            "death",
            "identity",
            "capabilities"));
  }

  @Test
  void changeOfTheUser() {
    assertEquals(
        "identity: 'set uid': Resource temporarily unavailable\n",
        failures(List.of("setresuid:error=EAGAIN"), "identity"));
  }

  /** As if the kernel said yes and did nothing: what is asked afterwards tells. */
  @Test
  void aChangeThatWasNotMade() {
    assertEquals(
        "identity: 'verify': Operation not permitted\n",
        failures(List.of("setresuid:retval=0"), "identity"));
    assertEquals(
        "capabilities: 'verify': Operation not permitted\n",
        failures(List.of("capset:retval=0"), "capabilities"));
  }

  @Test
  void placingOfDescriptors() {
    assertEquals(
        "plain: 'place descriptors' of '/dev/null': Too many open files\n",
        failures(List.of("dup3:error=EMFILE"), "plain"));
  }

  @Test
  void socketToTheExecutor() {
    assertEquals(
        "plain: 'create pipes': Too many open files\n",
        failures(List.of("socketpair:error=EMFILE"), "plain"));
  }

  @Test
  void handleOnTheProcess() {
    assertEquals(
        "plain: 'create process' of 'pidfd': Too many open files\n",
        failures(List.of("pidfd_open:error=EMFILE"), "plain"));
  }

  @Test
  void handingADescriptorBack() {
    assertEquals(
        "open as: 'send descriptor' opening '/etc/passwd' as user 65534: Operation not permitted\n",
        failures(List.of("sendmsg:error=EPERM:when=1"), "open as"));
  }

  private String failures(List<String> injections, String... cases) {
    ProcFacts.assumeRoot();
    ProcFacts.assumeProgram(STRACE);
    CommandBuilder strace = CommandSpec.of(Path.of(STRACE)).add("-f", "-qq", "--seccomp-bpf");
    strace.add("-o", "/dev/null");
    strace.add("-e", "trace=" + String.join(",", calls(injections)));
    for (String injection : injections) {
      strace.add("-e", "inject=" + injection);
    }
    List<String> arguments = new ArrayList<>(List.of(folder.resolve("pid").toString()));
    arguments.addAll(List.of(cases));
    strace.addAll(OtherJvm.words(Refused.class, arguments.toArray(String[]::new)));
    Completed completed =
        new RealSpawner().run(strace.capture().build(), Duration.ofMinutes(2)).orThrow();
    return completed.text();
  }

  private static List<String> calls(List<String> injections) {
    return injections.stream().map(one -> one.substring(0, one.indexOf(':'))).toList();
  }

  /**
   * What runs under strace: starts each case, says how it was refused and what that left behind.
   */
  static final class Refused {
    private Refused() {}

    public static void main(String[] arguments) throws IOException {
      Path pidFile = Path.of(arguments[0]);
      RealSpawner spawner = new RealSpawner();
      Set<Integer> open = descriptors();
      for (String name : List.of(arguments).subList(1, arguments.length)) {
        String refusal =
            name.equals("open as")
                ? refusalToOpen(spawner)
                : refusal(spawner, command(name).pidFile(pidFile).build());
        System.out.println(name + ": " + refusal.replace("Failed at step ", ""));
      }
      if (!open.containsAll(descriptors())) {
        System.out.println("descriptors left: " + descriptors() + ", before: " + open);
      }
      if (!ProcFacts.ownChildren().isEmpty()) {
        System.out.println("children left: " + ProcFacts.ownChildren());
      }
      if (Files.exists(pidFile)) {
        System.out.println("pid file left");
      }
    }

    private static String refusal(RealSpawner spawner, CommandSpec command) {
      try {
        spawner.start(command).stop(Duration.ZERO);
        return "started";
      } catch (SpawnException refused) {
        return refused.getMessage().replace(" starting '/bin/busybox'", "");
      }
    }

    private static String refusalToOpen(RealSpawner spawner) {
      Descriptor.OpenFile file =
          new Descriptor.OpenFile(Path.of("/etc/passwd"), Descriptor.Access.READ);
      try {
        return "opened as " + spawner.openAs(file, new Identity(65534, 65534));
      } catch (SpawnException refused) {
        return refused.getMessage();
      }
    }

    private static Set<Integer> descriptors() throws IOException {
      return new TreeSet<>(new ProcFacts(ProcessIds.own()).descriptors().keySet());
    }

    private static CommandBuilder command(String name) {
      CommandBuilder sleep = CommandSpec.of("/bin/busybox").add("sleep", "600");
      Confinement none = Confinement.NONE;
      return switch (name) {
        case "plain" -> sleep;
        case "session" -> sleep.daemon();
        case "death" -> sleep.parentDeathSignal(Signal.TERM);
        case "rights" -> sleep.confinement(none.withNoNewPrivileges(true));
        case "identity" -> sleep.confinement(none.withIdentity(new Identity(65534, 65534)));
        case "capabilities" -> sleep.confinement(none.withCapabilities(CapabilitySets.none()));
        default -> throw new IllegalArgumentException(name);
      };
    }
  }
}
