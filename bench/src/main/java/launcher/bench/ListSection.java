package launcher.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How lists, starts and the daemon grow with definitions and with running guests. */
record ListSection(Race race) {
  private static final int RUNNING = 50;
  private static final String ONE = Guests.PREFIX + "one";

  void run() throws Exception {
    List<Path> files = new ArrayList<>();
    for (int goal : List.of(10, 100, 1000)) {
      List<Path> more = new ArrayList<>();
      for (int i = files.size(); i < goal - 1; i++) { // one is there from the first section
        more.add(race.guests().guest(Guests.PREFIX + "d" + i, ""));
      }
      files.addAll(more);
      for (Peer peer : race.peers()) {
        peer.defineAll(more);
      }
      race.rounds(
          2,
          round -> {
            for (Peer peer : race.peers(round)) {
              race.time(Acts.list(goal), peer, round, peer.command("list", "--all"));
            }
          });
      for (Peer peer : race.peers()) {
        starts(peer, Acts.start(goal, 0));
      }
    }
    race.daemons("1000 defined");
    for (Peer peer : race.peers()) {
      running(peer);
    }
  }

  private void starts(Peer peer, String act) throws Exception {
    race.rounds(
        1,
        5,
        round -> {
          race.time(act, peer, round, peer.command("start", ONE));
          Commands.output(peer.command("destroy", ONE));
        });
  }

  private void running(Peer peer) throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < RUNNING; i++) {
      names.add(Guests.PREFIX + "d" + i);
    }
    for (int first = 0; first < RUNNING; first += 10) {
      race.stopwatch()
          .runAll(
              names.subList(first, first + 10).stream()
                  .map(name -> peer.command("start", name))
                  .toList());
      if (first == 0) {
        starts(peer, Acts.start(1000, 10));
      }
    }
    race.daemon(peer, Acts.FULL);
    race.rounds(
        1,
        10,
        round -> {
          race.time("list, " + Acts.FULL, peer, round, peer.command("list"));
          race.time("start, " + Acts.FULL, peer, round, peer.command("start", ONE));
          race.time("dominfo, " + Acts.FULL, peer, round, peer.command("dominfo", ONE));
          race.time("destroy, " + Acts.FULL, peer, round, peer.command("destroy", ONE));
        });
    race.daemon(peer, Acts.FULL + ", and 40 commands later");
    race.stopwatch().runAll(names.stream().map(n -> peer.command("destroy", n)).toList());
  }
}
