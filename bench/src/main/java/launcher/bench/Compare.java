package launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Races launcher against libvirt and bare QEMU: the same guest, the same verbs, in turn, in one
 * run.
 *
 * <pre>java dev/Setup.java bench [RUNS]</pre>
 *
 * <p>Every start is checked by asking the guest's monitor whether it runs; a peer that is not
 * installed is named in the report.
 */
public final class Compare {
  static final String GUEST_PREFIX = "bench-";

  private static final String DEFINE = "define";
  private static final String START = "start";
  private static final String DESTROY = "destroy";
  private static final int WARM_UP = 2;

  private final Path folder;
  private final List<Peer> peers;
  private final Report report;
  private final int runs;

  private Compare(Path folder, List<Peer> peers, Report report, int runs) {
    this.folder = folder;
    this.peers = peers;
    this.report = report;
    this.runs = runs;
  }

  /**
   * @param args the installed tree, the folder for the report, and how often each act is done
   */
  public static void main(String[] args) throws Exception {
    Path tree = Path.of(args[0]);
    Path results = Path.of(args[1]);
    int runs = args.length > 2 ? Integer.parseInt(args[2]) : 15;
    Path folder = Files.createTempDirectory("launcher-bench");
    Report report = new Report();
    List<Peer> there = new ArrayList<>();
    for (Peer peer : List.of(new Launcher(tree), new Libvirt("qemu"))) {
      peer.absence().ifPresentOrElse(report::note, () -> there.add(peer));
    }
    try {
      for (Peer peer : there) {
        peer.open(Files.createDirectory(folder.resolve(peer.name())));
      }
      new Compare(folder, there, report, runs).all();
    } finally {
      for (Peer peer : there) {
        peer.close();
      }
    }
    report.write(results.resolve(LocalDate.now(ZoneId.systemDefault()) + ".md"));
  }

  private void all() throws Exception {
    bareJvm();
    daemons("idle");
    life();
    parallelStarts(20);
    parallelStarts(100);
    savedGuests();
    powerButton();
    running(50);
    lists();
  }

  /** What any Java command pays before its first line. */
  private void bareJvm() throws Exception {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-version");
    for (int i = 0; i < runs; i++) {
      report.samples("bare JVM start", "java").add(Commands.time(java));
    }
  }

  private void daemons(String when) throws IOException {
    for (Peer peer : peers) {
      report.figure("daemon, " + when, peer.name(), DaemonFacts.memoryAndThreads(peer.daemonPid()));
    }
  }

  /** define, start, dominfo, destroy of one guest, peer after peer, with bare QEMU in between. */
  private void life() throws Exception {
    String name = GUEST_PREFIX + "one";
    Path xml = guest(name, "");
    for (int i = -WARM_UP; i < runs; i++) {
      for (Peer peer : peers) {
        long define = Commands.time(peer.command(DEFINE, xml.toString()));
        long pids = DaemonFacts.lastPid();
        long start = Commands.time(peer.command(START, name));
        pids = DaemonFacts.lastPid() - pids;
        checkRunning(peer, name);
        long info = Commands.time(peer.command("dominfo", name));
        long destroy = Commands.time(peer.command(DESTROY, name));
        if (i >= 0) {
          report.samples(DEFINE, peer.name()).add(define);
          report.samples(START, peer.name()).add(start);
          report.samples("dominfo", peer.name()).add(info);
          report.samples(DESTROY, peer.name()).add(destroy);
        }
        if (i == runs - 1) {
          report.figure(
              "process and thread ids of one start, command included",
              peer.name(),
              Long.toString(pids));
        }
      }
      bareQemu(i >= 0);
    }
  }

  private void bareQemu(boolean counted) throws Exception {
    if (!BareQemu.isInstalled()) {
      return;
    }
    BareQemu.Running guest = BareQemu.start(folder, 0);
    long quit = BareQemu.quit(guest);
    if (counted) {
      report.samples(START, "bare QEMU").add(guest.startNanos());
      report.samples(DESTROY, "bare QEMU").add(quit);
    }
  }

  /** Many starts at once, one command each, and the processor time of everything that took part. */
  private void parallelStarts(int count) throws Exception {
    String act = count + " parallel starts";
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(guest(GUEST_PREFIX + "p" + i, ""));
    }
    for (Peer peer : peers) {
      for (Path file : files) {
        Commands.output(peer.command(DEFINE, file.toString()));
      }
      long cpu = machineTicks();
      long begin = System.nanoTime();
      List<Process> commands = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        commands.add(
            Commands.start(
                peer.command(START, GUEST_PREFIX + "p" + i),
                folder.resolve(peer.name() + ".starts")));
      }
      for (Process command : commands) {
        command.waitFor();
      }
      report.samples(act, peer.name()).add(System.nanoTime() - begin);
      cpu = machineTicks() - cpu;
      for (int i = 0; i < count; i++) {
        checkRunning(peer, GUEST_PREFIX + "p" + i);
      }
      report.figure("processor time of the machine, " + act, peer.name(), cpu * 10 + " ms");
      for (int i = 0; i < count; i++) {
        Commands.output(peer.command(DESTROY, GUEST_PREFIX + "p" + i));
        Commands.output(peer.command("undefine", GUEST_PREFIX + "p" + i));
      }
    }
    bareParallelStarts(count, act);
  }

  private void bareParallelStarts(int count, String act) throws Exception {
    if (!BareQemu.isInstalled()) {
      return;
    }
    long cpu = machineTicks();
    long begin = System.nanoTime();
    List<BareQemu.Running> guests = new ArrayList<>();
    try (var threads = java.util.concurrent.Executors.newFixedThreadPool(count)) {
      List<java.util.concurrent.Future<BareQemu.Running>> starting = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        starting.add(threads.submit(() -> BareQemu.start(folder, number)));
      }
      for (var one : starting) {
        guests.add(one.get());
      }
    }
    report.samples(act, "bare QEMU").add(System.nanoTime() - begin);
    report.figure(
        "processor time of the machine, " + act, "bare QEMU", (machineTicks() - cpu) * 10 + " ms");
    for (BareQemu.Running guest : guests) {
      BareQemu.quit(guest);
    }
  }

  private void savedGuests() throws Exception {
    String name = GUEST_PREFIX + "one";
    for (int i = 0; i < runs; i++) {
      for (Peer peer : peers) {
        Path image = folder.resolve(peer.name() + ".save");
        Commands.output(peer.command(START, name));
        long save = Commands.time(peer.command("save", name, image.toString()));
        long restore = Commands.time(peer.command("restore", image.toString()));
        checkRunning(peer, name);
        Commands.output(peer.command(DESTROY, name));
        Files.deleteIfExists(image);
        report.samples("save", peer.name()).add(save);
        report.samples("restore", peer.name()).add(restore);
      }
    }
  }

  /**
   * From the request to power off until the guest is off: its own answer to the button included.
   */
  private void powerButton() throws Exception {
    Path image = BootSector.assemble(folder);
    String name = GUEST_PREFIX + "acpi";
    for (int i = 0; i < runs; i++) {
      for (Peer peer : peers) {
        Path disk = folder.resolve(peer.name() + ".img");
        Files.copy(image, disk, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Commands.output(peer.command(DEFINE, guest(name, BootSector.disk(disk)).toString()));
        Commands.output(peer.command(START, name));
        checkRunning(peer, name);
        BootSector.untilUp(peer, name);
        long begin = System.nanoTime();
        Commands.output(peer.command("shutdown", name));
        while (!Commands.output(peer.command("domstate", name)).contains("shut off")) {
          if (System.nanoTime() - begin > 30_000_000_000L) {
            throw new IOException(
                "'" + name + "' of " + peer.name() + " does not answer its power button");
          }
        }
        report.samples("shutdown of an ACPI guest", peer.name()).add(System.nanoTime() - begin);
        Commands.output(peer.command("undefine", name));
      }
    }
  }

  private void running(int count) throws Exception {
    for (Peer peer : peers) {
      for (int i = 0; i < count; i++) {
        Commands.output(peer.command(DEFINE, guest(GUEST_PREFIX + "m" + i, "").toString()));
        Commands.output(peer.command(START, GUEST_PREFIX + "m" + i));
      }
      report.figure(
          "daemon, " + count + " guests run",
          peer.name(),
          DaemonFacts.memoryAndThreads(peer.daemonPid()));
      for (int i = 0; i < runs; i++) {
        report
            .samples("list, " + count + " run", peer.name())
            .add(Commands.time(peer.command("list")));
      }
      for (int i = 0; i < count; i++) {
        Commands.output(peer.command(DESTROY, GUEST_PREFIX + "m" + i));
      }
    }
  }

  private void lists() throws Exception {
    int defined = 0;
    for (int goal : List.of(100, 1000)) {
      for (; defined < goal; defined++) {
        Path xml = guest(GUEST_PREFIX + "d" + defined, "");
        for (Peer peer : peers) {
          Commands.output(peer.command(DEFINE, xml.toString()));
        }
      }
      for (int i = -WARM_UP; i < runs; i++) {
        for (Peer peer : peers) {
          long list = Commands.time(peer.command("list", "--all"));
          if (i >= 0) {
            report
                .samples(
                    String.format(Locale.ROOT, "list --all, %d defined and more", goal),
                    peer.name())
                .add(list);
          }
        }
      }
    }
    daemons("1000 guests defined");
  }

  /** Asks QEMU itself, through the peer's monitor verb. */
  private static void checkRunning(Peer peer, String name) throws Exception {
    String answer =
        Commands.output(
            peer.command("qemu-monitor-command", name, "{\"execute\":\"query-status\"}"));
    if (!answer.replace(" ", "").contains("\"running\":true")) {
      throw new IOException("'" + name + "' of " + peer.name() + " does not run: " + answer);
    }
  }

  /** Busy time of all processors, in clock ticks of 10 ms (proc(5), /proc/stat). */
  private static long machineTicks() throws IOException {
    String[] cpu = Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split(" +");
    return Long.parseLong(cpu[1]) + Long.parseLong(cpu[2]) + Long.parseLong(cpu[3]);
  }

  /**
   * The guest of the benchmark: pc, TCG, 64 MiB, one serial port on a pseudo terminal, nothing
   * else.
   */
  private Path guest(String name, String devices) throws IOException {
    Path file = folder.resolve(name + ".xml");
    Files.writeString(
        file,
        """
        <domain type='qemu'>
          <name>%s</name>
          <memory unit='MiB'>64</memory>
          <vcpu>1</vcpu>
          <os><type arch='x86_64' machine='pc'>hvm</type></os>
          <features><acpi/></features>
          <devices>
            <emulator>/usr/bin/qemu-system-x86_64</emulator>
            %s
            <controller type='usb' model='none'/>
            <serial type='pty'/>
            <memballoon model='none'/>
          </devices>
        </domain>
        """
            .formatted(name, devices));
    return file;
  }
}
