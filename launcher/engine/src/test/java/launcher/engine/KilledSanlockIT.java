package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import launcher.spawn.Accounts;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.HeldChild;
import launcher.spawn.RealSpawner;
import launcher.spawn.Spawner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * sanlock's daemon, and the program that asks it, are killed at each step of a lease: when it is
 * acquired, while it is held and when it is given back. No guest runs an instruction without its
 * lease, what fails says why, and nothing is left.
 */
@SuppressWarnings("NullAway.Init") // the host is made before each test
final class KilledSanlockIT {
  @TempDir private Path root;
  private Path disk;
  private SanlockHost host;

  @BeforeEach
  void startHost() throws IOException {
    assumeTrue(Accounts.ownUid() == 0, "needs root");
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/sanlock")), "needs sanlock");
    disk = BootSector.disk(root);
    host = new SanlockHost(root, 1, Files.createDirectory(root.resolve("shared")));
  }

  @AfterEach
  void stopHost() {
    host.close();
  }

  private Guest guest(String name) {
    return host.define(name, IsolatedGuests.disk("raw", disk));
  }

  /** Ends the program that asks the daemon for something before it has asked, once. */
  private record Silencing(Spawner real, String verb, AtomicBoolean done) implements Spawner {
    @Override
    public Child start(CommandSpec command) {
      boolean asks = command.words().contains("client") && command.words().contains(verb);
      return asks && !done.getAndSet(true)
          ? WatchedSpawner.stillborn(real, command)
          : real.start(command);
    }

    @Override
    public HeldChild hold(CommandSpec command) {
      return real.hold(command);
    }
  }

  /** Ends the daemon at a moment of a start. */
  private void killAt(String moment) {
    host.reopen(WatchedSpawner.at(new RealSpawner(), moment, host::die));
  }

  @Test
  void theDaemonAtEachStepOfAStart() throws IOException {
    Guest web1 = guest("web1");
    web1.start(StartOptions.DEFAULT);
    web1.destroy(false);
    Map<String, String> reasons =
        Map.of(
            "before the process",
            "sanlock.sock' starting '/usr/bin/qemu-system-x86_64': Connection refused: does its daemon run?",
            "at the handshake",
            "Failed at step 'lease disk' starting guest 'web1': '"
                + disk
                + "' is not got: sanlock's daemon does not run (sanlock -111)");
    for (Map.Entry<String, String> each : reasons.entrySet()) {
      String moment = each.getKey();
      String reason = each.getValue();
      killAt(moment);
      Guest guest = host.engine().guests().get("web1");
      String said = IsolatedGuests.refusal(guest);
      assertTrue(said.contains(reason), moment + ": " + said);
      Leftovers.assertNone(root.resolve("h1"), guest, moment);
      host.revive();
    }
    killAt("before the word");
    Guest held = host.engine().guests().get("web1");
    held.start(StartOptions.DEFAULT); // it has its lease by then
    assertTrue(held.state().active(), "no watchdog resets this host");
    String said = IsolatedGuests.refusal(guest("web2"));
    assertTrue(said.contains("sanlock's daemon does not run"), said);
    held.destroy(false);
    Leftovers.assertNone(root.resolve("h1"), held, "while it is held");
    host.revive();
    host.reopen();
    Guest again = host.engine().guests().get("web1");
    again.start(StartOptions.DEFAULT);
    again.destroy(false);
    Leftovers.assertNone(root.resolve("h1"), again, "at last");
  }

  @Test
  void whoAsksForALease() throws IOException {
    host.reopen(new Silencing(new RealSpawner(), "acquire", new AtomicBoolean()));
    Guest web1 = guest("web1");
    String said = IsolatedGuests.refusal(web1);
    assertTrue(
        said.contains("'lease disk' starting guest 'web1': '" + disk + "' is not got"), said);
    Leftovers.assertNone(root.resolve("h1"), web1, "asking");
    web1.start(StartOptions.DEFAULT);
  }

  @Test
  void theDaemonWhenALeaseIsGivenBack() throws IOException {
    Path more = Files.copy(disk, root.resolve("more.img"));
    Guest web1 = guest("web1");
    web1.start(StartOptions.DEFAULT);
    String plugged =
        IsolatedGuests.disk("raw", more).replace("'vda' bus='virtio'", "'sda' bus='usb'");
    web1.devices().attach(plugged);
    host.die();
    // what its daemon held has ended with it: nothing is there to be given back
    web1.devices().detach("<disk><target dev='sda'/></disk>");
    assertTrue(web1.state().active());
    web1.destroy(false);
    Leftovers.assertNone(root.resolve("h1"), web1, "after it");
    host.revive();
    host.reopen();
    Guest again = host.engine().guests().get("web1");
    again.start(StartOptions.DEFAULT);
    again.devices().attach(plugged);
  }
}
