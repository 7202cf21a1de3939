package launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Networks and containers. */
record OtherSection(Race race) {

  void networks() throws Exception {
    int number = 1;
    for (Peer peer : race.peers()) {
      String name = Guests.PREFIX + "net" + number;
      Path xml = race.guests().network(name, number++);
      Commands.output(peer.command("net-define", xml.toString()));
      race.rounds(
          1,
          10,
          round -> {
            race.time("net-start", peer, round, peer.command("net-start", name));
            race.time("net-destroy", peer, round, peer.command("net-destroy", name));
          });
      Commands.output(peer.command("net-undefine", name));
    }
  }

  void containers() throws Exception {
    Path root = root();
    for (Peer peer : race.peers()) {
      String name = Guests.PREFIX + "box";
      Path xml = race.guests().container(name, root);
      try {
        Commands.output(peer.containerCommand("define", xml.toString()));
        race.rounds(
            1,
            10,
            round -> {
              race.time("start of a container", peer, round, peer.containerCommand("start", name));
              race.time(
                  "destroy of a container", peer, round, peer.containerCommand("destroy", name));
            });
        Commands.output(peer.containerCommand("undefine", name));
      } catch (IOException e) {
        race.report().note("containers of " + peer.name() + " failed: " + e.getMessage());
      }
    }
  }

  private Path root() throws Exception {
    Path root = race.folder().resolve("container");
    for (String name : List.of("sbin", "proc", "sys", "dev", "etc", "tmp", "run")) {
      Files.createDirectories(root.resolve(name));
    }
    Path init = root.resolve("sbin/init");
    Commands.output(
        List.of("cc", "-O2", "-static", "-o", init.toString(), "bench/src/main/c/sleeper.c"));
    Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
    return root;
  }
}
