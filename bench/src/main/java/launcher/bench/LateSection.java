package launcher.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * Destroy where the machine's first process reaps late, a second and more after a process' end, as
 * that of many containers and small machines does: libvirt's QEMU is that process' child, and
 * libvirt waits until it is gone from the process table.
 */
record LateSection(Race race) {
  private static final int ROUNDS = 6;

  void run() throws Exception {
    String name = Guests.PREFIX + "late";
    Path xml = race.guests().guest(name, "");
    for (Peer peer : race.peers()) {
      Commands.output(peer.command("define", xml.toString()));
    }
    tellFirstProcess("-USR1");
    try {
      race.rounds(
          1,
          ROUNDS,
          round -> {
            for (Peer peer : race.peers(round)) {
              Commands.output(peer.command("start", name));
              race.time(Acts.DESTROY_LATE, peer, round, peer.command("destroy", name));
            }
          });
    } finally {
      tellFirstProcess("-USR2");
    }
    for (Peer peer : race.peers()) {
      Commands.output(peer.command("undefine", name));
    }
  }

  /** It is the stopwatch, see stopwatch.c. */
  private static void tellFirstProcess(String signal) throws Exception {
    Commands.output(List.of("kill", signal, "1"));
  }
}
