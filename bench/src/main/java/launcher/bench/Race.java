package launcher.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What every section of the race works with. */
final class Race {
  private final Path folder;
  private final List<Peer> peers;
  private final Report report;
  private final Stopwatch stopwatch;
  private final int runs;
  private final long endNanos;
  private final Guests guests;

  /**
   * @param folder for files of the race
   * @param peers those that are there
   * @param runs how often each act is done while there is time
   * @param endNanos when no further round begins, by {@link System#nanoTime}
   */
  Race(Path folder, List<Peer> peers, Report report, Stopwatch stopwatch, int runs, long endNanos) {
    this.folder = folder;
    this.peers = List.copyOf(peers);
    this.report = report;
    this.stopwatch = stopwatch;
    this.runs = runs;
    this.endNanos = endNanos;
    guests = new Guests(folder);
  }

  /** A round of a section; rounds below 0 warm up. */
  @FunctionalInterface
  interface Round {
    void run(int number) throws Exception;
  }

  Path folder() {
    return folder;
  }

  List<Peer> peers() {
    return peers;
  }

  Report report() {
    return report;
  }

  Stopwatch stopwatch() {
    return stopwatch;
  }

  Guests guests() {
    return guests;
  }

  /** The peers, another one first in each round. */
  List<Peer> peers(int round) {
    List<Peer> turned = new ArrayList<>(peers);
    Collections.rotate(turned, round);
    return turned;
  }

  /** Whether the time is used up. */
  boolean isOver() {
    return System.nanoTime() > endNanos;
  }

  /** Runs rounds until there are enough or no time is left; some always. */
  void rounds(int warmUp, Round round) throws Exception {
    rounds(warmUp, runs, round);
  }

  void rounds(int warmUp, int count, Round round) throws Exception {
    for (int i = -warmUp; i < count && (i < 3 || !isOver()); i++) {
      round.run(i);
    }
  }

  /** Runs a command of a peer and keeps what it took, unless the round only warms up. */
  Stopwatch.Took time(String act, Peer peer, int round, List<String> command) throws IOException {
    return timeUntilEnd(act, peer, round, command, 0);
  }

  /** The same, until another process has ended too. */
  Stopwatch.Took timeUntilEnd(String act, Peer peer, int round, List<String> command, long pid)
      throws IOException {
    long daemon = stopwatch.cpuNanos(List.of(peer.daemonPid()));
    Stopwatch.Took took = stopwatch.runUntilEnd(command, pid);
    daemon = stopwatch.cpuNanos(List.of(peer.daemonPid())) - daemon;
    if (round >= 0) {
      report.samples(act, peer.name()).add(took.wallNanos(), took.cpuNanos() + daemon);
    }
    return took;
  }

  /** Asks QEMU itself, through the peer's monitor verb. */
  void checkRunning(Peer peer, String guest) throws Exception {
    String answer = monitor(peer, guest, "query-status");
    if (!answer.contains("\"running\":true")) {
      throw new IOException("'" + guest + "' of " + peer.name() + " does not run: " + answer);
    }
  }

  /** QEMU's answer without blanks. */
  String monitor(Peer peer, String guest, String question) throws Exception {
    return Commands.output(
            peer.command("qemu-monitor-command", guest, "{\"execute\":\"" + question + "\"}"))
        .replaceAll("\\s", "");
  }

  void daemons(String when) throws IOException, InterruptedException {
    settle();
    for (Peer peer : peers) {
      facts(peer, when);
    }
  }

  /** Both have time to give back what the acts before have left; the peak is told beside it. */
  private static void settle() throws InterruptedException {
    Thread.sleep(10_000);
  }

  void daemon(Peer peer, String when) throws IOException, InterruptedException {
    settle();
    facts(peer, when);
  }

  private void facts(Peer peer, String when) throws IOException {
    report.figure(Acts.memory(when), peer.name(), DaemonFacts.residentMib(peer.daemonPid()));
    report.figure(Acts.peak(when), peer.name(), DaemonFacts.peakMib(peer.daemonPid()));
    report.figure(Acts.threads(when), peer.name(), DaemonFacts.threads(peer.daemonPid()));
  }
}
