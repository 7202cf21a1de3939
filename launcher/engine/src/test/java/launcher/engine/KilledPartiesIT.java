package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import launcher.spawn.Accounts;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Environment;
import launcher.spawn.RealSpawner;
import launcher.spawn.libc.PinnedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every party of a start is killed at every step: strace(1) sends SIGKILL to the thread that makes
 * a certain system call for the n-th time, and each step has one that no other party makes. Then
 * the next engine finds nothing left: no lease, owner, record, control group, and the disk is free.
 */
final class KilledPartiesIT {
  /** Steps 9 to 27 of docs/start.md: what only the executor does. */
  private static final List<String> EXECUTOR =
      List.of(
          "setsid:1",
          "close_range:1",
          "landlock_add_rule:9",
          "landlock_restrict_self:1",
          "setresuid:1",
          "capset:1",
          "execve:2");

  /** QEMU: its sandbox, before its monitor answers; its main loop. */
  private static final List<String> EMULATOR = List.of("seccomp:1", "ppoll:2");

  /** What is written for good, and what files' owners are changed with. */
  private static final List<String> ENGINE =
      List.of("rename:1", "rename:2", "rename:3", "fsetxattr:1", "fchown:2");

  @TempDir private Path folder;

  private static Completed killed(Path root, String callAndCount) {
    String[] call = callAndCount.split(":", 2);
    CommandSpec java = KilledEngineIT.victim(root, "never");
    return new RealSpawner()
        .run(
            CommandSpec.of("strace")
                // -D: the tracer is a child of its own, and does not wait for a guest that lives
                .add("-D", "-f", "-qq", "-o", "/dev/null")
                .add("-e", "trace=" + call[0])
                .add("-e", "inject=" + call[0] + ":signal=SIGKILL:when=" + call[1])
                .add(java.program().toString())
                .addAll(java.arguments().stream().map(argument -> argument.text()).toList())
                .environment(Environment.common())
                // not captured: the tracer would keep the pipe open as long as the guest lives
                .build(),
            Duration.ofMinutes(3));
  }

  @Test
  void nothingIsLeftWhoeverDiesAtWhicheverStep() throws IOException {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    assumeTrue(Accounts.user("libvirt-qemu").isPresent(), "needs a user libvirt-qemu");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "needs strace");
    String settings = "user = libvirt-qemu\n";
    try (IsolatedGuests guests = new IsolatedGuests(folder)) {
      guests.reopen(settings, new RealSpawner());
      Path image = guests.copy("web1.img");
      Guest first = guests.define("web1", image);
      guests.define("web2", image);
      first.start(StartOptions.DEFAULT); // what is asked of QEMU once is known from here on
      first.destroy(false);
      int died = 0;
      for (String step : Stream.of(EXECUTOR, EMULATOR, ENGINE).flatMap(List::stream).toList()) {
        guests.engine().close();
        Completed ended = killed(guests.root(), step);
        if (!ended.status().success()) {
          died++;
        }
        guests.reopen(settings, new RealSpawner());
        Guest web1 = guests.engine().guests().get("web1");
        if (web1.state().active()) {
          web1.destroy(false); // the engine died when it ran already
        }
        assertNothingIsLeft(guests.root(), web1, image, step);
        Guest web2 = guests.engine().guests().get("web2");
        web2.start(StartOptions.DEFAULT);
        web2.destroy(false);
      }
      assertTrue(died >= EXECUTOR.size() + EMULATOR.size(), "only " + died + " were killed");
    }
  }

  private static void assertNothingIsLeft(Path root, Guest guest, Path image, String step)
      throws IOException {
    assertEquals(0, Files.getAttribute(image, "unix:uid"), step);
    try (PinnedFile file = PinnedFile.open(image)) {
      assertTrue(file.extended("trusted.launcher.owner").isEmpty(), step);
    }
    Path group = Path.of("/sys/fs/cgroup/devices/launcher").resolve(guest.uuid());
    assertFalse(Files.exists(group), step);
    Leftovers.assertNone(root, guest, step);
  }
}
