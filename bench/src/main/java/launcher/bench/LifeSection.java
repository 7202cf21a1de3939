package launcher.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One guest through its life: define, start, dominfo, list, destroy, with bare QEMU in between. */
record LifeSection(Race race) {
  private static final int WARM_UP = 2;
  private static final Pattern MEMORY = Pattern.compile("\"base-memory\":(\\d+)");

  void run() throws Exception {
    String name = Guests.PREFIX + "one";
    Path xml = race.guests().guest(name, "");
    race.rounds(
        WARM_UP,
        round -> {
          bareJvm(round);
          for (Peer peer : race.peers(round)) {
            life(peer, name, xml, round);
          }
          bareQemu(round);
        });
    ids(name);
  }

  private void life(Peer peer, String name, Path xml, int round) throws Exception {
    race.time("define", peer, round, peer.command("define", xml.toString()));
    race.time("start", peer, round, peer.command("start", name));
    race.checkRunning(peer, name);
    if (round == 0) {
      same(peer, name);
    }
    race.time("dominfo", peer, round, peer.command("dominfo", name));
    race.time(Acts.list(1), peer, round, peer.command("list", "--all"));
    race.time("destroy", peer, round, peer.command("destroy", name));
  }

  /** What any Java command pays before its first line. */
  private void bareJvm(int round) throws Exception {
    Stopwatch.Took took = race.stopwatch().run(BareJvm.command());
    if (round >= 0) {
      race.report().samples(Acts.BARE_JVM, Acts.JAVA).add(took.wallNanos(), took.cpuNanos());
    }
  }

  private void bareQemu(int round) throws Exception {
    BareQemu.Running guest = BareQemu.start(race.folder(), 0);
    long start = race.stopwatch().cpuNanos(List.of(guest.process().pid()));
    long quit = BareQemu.quit(guest);
    if (round >= 0) {
      race.report().samples("start", Acts.BARE).add(guest.startNanos(), start);
      race.report().samples("destroy", Acts.BARE).add(quit, 0);
    }
  }

  /** The same guest on both sides, by QEMU's own words. */
  private void same(Peer peer, String name) throws Exception {
    Matcher memory = MEMORY.matcher(race.monitor(peer, name, "query-memory-size-summary"));
    boolean kvm = race.monitor(peer, name, "query-kvm").contains("\"enabled\":true");
    String processors = race.monitor(peer, name, "query-cpus-fast");
    race.report()
        .note(
            "'"
                + name
                + "' of "
                + peer.name()
                + " by QMP: running, "
                + (memory.find() ? Long.parseLong(memory.group(1)) >> 20 : 0)
                + " MiB, "
                + (processors.split("\"cpu-index\"", -1).length - 1)
                + " processor, "
                + (kvm ? "KVM" : "TCG"));
  }

  /** Process and thread ids; they are counted once, for they do not vary with time. */
  private void ids(String name) throws Exception {
    long java = idsOf(() -> race.stopwatch().run(BareJvm.command()));
    BareQemu.Running[] bare = new BareQemu.Running[1];
    long qemu = idsOf(() -> bare[0] = BareQemu.start(race.folder(), 0));
    BareQemu.quit(bare[0]);
    race.report().figure("process and thread ids", "bare JVM start", (double) java);
    race.report().figure("process and thread ids", "bare QEMU start", (double) qemu);
    for (Peer peer : race.peers()) {
      long list = idsOf(() -> race.stopwatch().run(peer.command("list", "--all")));
      long start = idsOf(() -> race.stopwatch().run(peer.command("start", name)));
      Commands.output(peer.command("destroy", name));
      race.report().figure("process and thread ids of a start", peer.name(), (double) start);
      race.report().figure("process and thread ids of a list", peer.name(), (double) list);
      if (peer.name().equals(Report.OURS)) {
        race.report().figure(Acts.IDS_OF_START, peer.name(), (double) (start - java - qemu));
        race.report().figure(Acts.IDS_OF_LIST, peer.name(), (double) (list - java));
      }
    }
  }

  private interface Act {
    void run() throws Exception;
  }

  private static long idsOf(Act act) throws Exception {
    long before = DaemonFacts.lastPid();
    act.run();
    return DaemonFacts.lastPid() - before;
  }
}
