package launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Save and restore, and the shutdown of a guest that answers its power button. */
record SavingSection(Race race) {
  private static final int ROUNDS = 10;

  void saves() throws Exception {
    String name = Guests.PREFIX + "saved";
    Path xml = race.guests().guest(name, "");
    for (Peer peer : race.peers()) {
      Commands.output(peer.command("define", xml.toString()));
    }
    race.rounds(
        1,
        ROUNDS,
        round -> {
          for (Peer peer : race.peers(round)) {
            Path image = race.folder().resolve(peer.name() + ".save");
            Commands.output(peer.command("start", name));
            race.time("save", peer, round, peer.command("save", name, image.toString()));
            race.time("restore", peer, round, peer.command("restore", image.toString()));
            race.checkRunning(peer, name);
            Commands.output(peer.command("destroy", name));
            Files.deleteIfExists(image);
          }
        });
  }

  /** From the request until QEMU's process is gone: the guest's own answer included. */
  void powerButton() throws Exception {
    Path image = BootSector.assemble(race.folder());
    String name = Guests.PREFIX + "acpi";
    race.rounds(
        1,
        ROUNDS,
        round -> {
          for (Peer peer : race.peers(round)) {
            Path disk = race.folder().resolve(peer.name() + ".img");
            Files.copy(image, disk, StandardCopyOption.REPLACE_EXISTING);
            Path xml = race.guests().guest(name, BootSector.disk(disk));
            Commands.output(peer.command("define", xml.toString()));
            Commands.output(peer.command("start", name));
            BootSector.untilUp(peer, name);
            List<Long> pids = DaemonFacts.pids("qemu-system", name);
            if (pids.size() != 1) {
              throw new IOException(pids.size() + " processes of '" + name + "'");
            }
            race.timeUntilEnd(
                "shutdown of an ACPI guest, until QEMU is gone",
                peer,
                round,
                peer.command("shutdown", name),
                pids.getFirst());
            untilShutOff(peer, name);
            Commands.output(peer.command("undefine", name));
          }
        });
  }

  private static void untilShutOff(Peer peer, String name) throws Exception {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!Commands.output(peer.command("domstate", name)).contains("shut off")) {
      if (System.nanoTime() > deadline) {
        throw new IOException("'" + name + "' of " + peer.name() + " is not seen as shut off");
      }
    }
  }
}
