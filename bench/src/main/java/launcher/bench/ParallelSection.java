package launcher.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many starts at once, and the processor time of everything that took part: commands, daemon and
 * QEMUs. It is taken when all run, and again when the firmware of all guests is through with its
 * work, which is the same for every peer.
 *
 * @param count how many
 */
record ParallelSection(Race race, int count) {
  private static final String QEMU = "qemu-system";

  void run() throws Exception {
    List<String> names = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(Guests.PREFIX + "p" + i);
      files.add(race.guests().guest(names.getLast(), ""));
    }
    bare();
    for (Peer peer : race.peers()) {
      peer.defineAll(files);
      List<List<String>> each = names.stream().map(n -> peer.command("start", n)).toList();
      starts(peer, peer.name(), names, each);
      Optional<List<String>> one = peer.startMany(names);
      if (one.isPresent()) {
        starts(peer, Acts.ONE_COMMAND, names, List.of(one.get()));
      }
      for (String name : names) {
        Commands.output(peer.command("undefine", name));
      }
    }
  }

  private void starts(Peer peer, String as, List<String> names, List<List<String>> commands)
      throws Exception {
    long daemon = race.stopwatch().cpuNanos(List.of(peer.daemonPid()));
    Stopwatch.Took took = race.stopwatch().runAll(commands);
    daemon = race.stopwatch().cpuNanos(List.of(peer.daemonPid())) - daemon;
    List<Long> guests = DaemonFacts.pids(QEMU, Guests.PREFIX + "p");
    keep(as, took.wallNanos(), took.cpuNanos() + daemon, guests);
    for (String name : List.of(names.getFirst(), names.get(count / 2), names.getLast())) {
      race.checkRunning(peer, name);
    }
    if (guests.size() != count) {
      throw new IOException(guests.size() + " of " + count + " guests of " + as + " run");
    }
    race.stopwatch().runAll(names.stream().map(n -> peer.command("destroy", n)).toList());
  }

  private void bare() throws Exception {
    List<BareQemu.Running> guests = new ArrayList<>();
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<Future<BareQemu.Running>> starting = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        starting.add(threads.submit(() -> BareQemu.start(race.folder(), number)));
      }
      for (var one : starting) {
        guests.add(one.get());
      }
    }
    long wall = System.nanoTime() - begin;
    keep(Acts.BARE, wall, 0, guests.stream().map(g -> g.process().pid()).toList());
    for (BareQemu.Running guest : guests) {
      BareQemu.quit(guest);
    }
  }

  private void keep(String as, long wall, long commandsAndDaemon, List<Long> guests)
      throws Exception {
    long used = race.stopwatch().cpuNanos(guests);
    race.report().samples(Acts.parallel(count), as).add(wall, commandsAndDaemon + used);
    race.report().figure(Acts.cpuUntilRun(count), as, (commandsAndDaemon + used) / 1e6);
    long quiet = untilQuiet(guests);
    race.report().figure(Acts.cpuUntilQuiet(count), as, (commandsAndDaemon + quiet) / 1e6);
  }

  /**
   * The firmware finds nothing to boot and waits, using little; the same time for every peer, since
   * there is no event for that. A guest's firmware needs half a second of a processor.
   */
  private long untilQuiet(List<Long> guests) throws Exception {
    Thread.sleep(5000 + guests.size() * 200L);
    return race.stopwatch().cpuNanos(guests);
  }
}
