package launcher.engine.lease;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import launcher.drivers.plan.LeaseStep;
import launcher.engine.EngineException;
import launcher.engine.store.AtomicFile;
import launcher.spawn.Accounts;
import launcher.spawn.Errno;
import launcher.spawn.Spawner;
import launcher.spawn.libc.PinnedFile;

/** Carries out the steps of sanlock's leases. */
public final class LeaseSteps {
  /** The account that Debian and Fedora run the daemon as. */
  private static final String DAEMON = "sanlock";

  /** One area of 512-byte sectors for 2000 hosts (sanlock(8), Storage). */
  private static final int AREA = 1 << 20;

  private static final Duration ANSWER = Duration.ofMinutes(1);

  /** A host that joins waits for several rounds of renewal, and longer after a crash. */
  private static final Duration JOIN = Duration.ofMinutes(5);

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int EXISTS = -17;
  private static final int IN_PROGRESS = -115;
  private static final int NOT_REGISTERED = -3;

  /**
   * Held by another process of this host; by another host that lives, that has it, that is getting
   * it; shared by somebody.
   */
  private static final Set<Integer> HELD = Set.of(EXISTS, -11, -243, -244, -245, -246);

  /** What other numbers mean that an administrator meets. */
  private static final Map<Integer, String> WORDS =
      Map.of(
          -2,
          "the lockspace is not joined, or its storage is gone",
          NOT_REGISTERED,
          "the process is not registered with sanlock: it began without it",
          -13,
          "the daemon may not use the storage: chown it to " + DAEMON,
          -202,
          "the storage did not answer in time",
          -22,
          "this host has joined the lockspace under another number",
          -111,
          "sanlock's daemon does not run",
          -223,
          "there is no such lockspace on the storage",
          -262,
          "another host uses this host's number: give each its own sanlock_host_id");

  private final Spawner spawner;

  /** With the one door to processes. */
  public LeaseSteps(Spawner spawner) {
    this.spawner = spawner;
  }

  /**
   * Does it.
   *
   * @param pid of the process that gets the lease
   */
  public void carryOut(LeaseStep step, int pid) throws LeaseException {
    SanlockClient client = new SanlockClient(spawner, step.daemon());
    switch (step) {
      case LeaseStep.JoinLockspace join -> join(client, join);
      case LeaseStep.MakeResource resource ->
          make(
              client,
              resource.file(),
              "-r",
              SanlockWords.resource(resource.lockspace(), resource.resource(), "%s", 0));
      case LeaseStep.AcquireLease lease -> acquire(client, lease, pid);
    }
  }

  private static synchronized void join(SanlockClient client, LeaseStep.JoinLockspace join)
      throws LeaseException {
    String timeout = Integer.toString(join.timeoutSeconds() == 0 ? 10 : join.timeoutSeconds());
    make(
        client,
        join.file(),
        "-s",
        SanlockWords.lockspace(join.lockspace(), 0, "%s"),
        "-o",
        timeout);
    String lockspace =
        SanlockWords.lockspace(join.lockspace(), join.host(), join.file().toString());
    if (client.ask(ANSWER, "client", "inq_lockspace", "-s", lockspace) == 0) {
      return;
    }
    int result = client.ask(JOIN, "client", "add_lockspace", "-s", lockspace, "-o", timeout);
    long deadline = System.nanoTime() + JOIN.toNanos();
    while (result == IN_PROGRESS && System.nanoTime() < deadline) {
      pause();
      result = client.ask(ANSWER, "client", "inq_lockspace", "-s", lockspace);
    }
    if (result != 0 && result != EXISTS) {
      throw new LeaseException("is not joined as host " + join.host() + ": " + words(result));
    }
  }

  private static void pause() throws LeaseException {
    try {
      // somebody else has this host join at this moment, and sanlock tells nobody but him when it
      // has: its own library asks again and again too (sanlock_inq_lockspace with SANLK_INQ_WAIT)
      Thread.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LeaseException("interrupted", e);
    }
  }

  /**
   * Whole or not at all, and by one host only: made beside it, then linked to its name, which only
   * one can do.
   *
   * @param about sanlock's words for it, {@code %s} in the place of the path
   */
  private static void make(
      SanlockClient client, Path file, String option, String about, String... more)
      throws LeaseException {
    if (Files.exists(file)) {
      return;
    }
    Path half = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".half");
    try {
      AtomicFile.folder(file.resolveSibling(""), 0770);
      allocate(half);
      String[] words = new String[4 + more.length];
      words[0] = "direct";
      words[1] = "init";
      words[2] = option;
      words[3] = about.replace("%s", half.toString().replace("\\", "\\\\").replace(":", "\\:"));
      System.arraycopy(more, 0, words, 4, more.length);
      int result = client.ask(ANSWER, words);
      if (result != 0) {
        throw new LeaseException("is not made: " + words(result));
      }
      giveToDaemon(half);
      Files.createLink(file, half);
    } catch (FileAlreadyExistsException anotherWasFaster) {
      // as good as ours
    } catch (LeaseException e) {
      throw e;
    } catch (IOException e) {
      throw new LeaseException("is not made: " + EngineException.reason(e), e);
    } finally {
      remove(half);
    }
  }

  private static void allocate(Path half) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            half,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(AtomicFile.permissions(0660)))) {
      channel.write(ByteBuffer.allocate(AREA));
      channel.force(true);
    }
  }

  /** As root it can only be given away where there is such an account. */
  private static void giveToDaemon(Path file) throws IOException {
    var uid = Accounts.user(DAEMON);
    if (uid.isEmpty() || Accounts.ownUid() != 0) {
      return;
    }
    try (PinnedFile pinned = PinnedFile.open(file.toRealPath())) {
      pinned.own(uid.get(), Accounts.ownGroup(DAEMON, uid.get()));
    }
  }

  private static void remove(Path half) throws LeaseException {
    try {
      Files.deleteIfExists(half);
    } catch (IOException e) {
      throw new LeaseException("'" + half + "' is left behind: " + EngineException.reason(e), e);
    }
  }

  private static void acquire(SanlockClient client, LeaseStep.AcquireLease lease, int pid)
      throws LeaseException {
    String process = Integer.toString(pid);
    int result = client.ask(ANSWER, "client", "acquire", "-r", lease.resource(), "-p", process);
    if (result == EXISTS && holds(client, lease.resource().replaceFirst(":SH$", ""), process)) {
      return;
    }
    if (result != 0) {
      throw new LeaseException(
          HELD.contains(result) ? holder(client, lease) : "is not got: " + words(result));
    }
    if (!lease.note().isEmpty()) {
      String note = lease.lockspace().host() + " " + pid + " " + lease.guest().replace('\n', ' ');
      try {
        AtomicFile.write(Path.of(lease.note()), note);
      } catch (IOException e) {
        throw new LeaseException(
            "is got, but its holder cannot be noted: " + EngineException.reason(e), e);
      }
    }
  }

  /** A disk that was plugged in again before its lease was given back. */
  private static boolean holds(SanlockClient client, String resource, String process)
      throws LeaseException {
    return client.held(ANSWER, process).contains(resource + ":");
  }

  /** As far as it is known: the host by the lease itself, the guest by the note beside it. */
  private static String holder(SanlockClient client, LeaseStep.AcquireLease lease)
      throws LeaseException {
    String resource = lease.resource().replaceFirst(":SH$", "");
    int owner = client.owner(ANSWER, resource);
    if (owner == 0) {
      return "is held by another host";
    }
    String host =
        client
            .host(
                ANSWER,
                SanlockWords.lockspace(
                    lease.lockspace().name(), owner, lease.lockspace().file().toString()))
            .orElse(Integer.toString(owner));
    String guest = guest(lease.note(), owner);
    return "is held by " + (guest.isEmpty() ? "" : guest + " of ") + "host '" + host + "'";
  }

  private static String guest(String note, int owner) {
    try {
      if (!note.isEmpty() && Files.exists(Path.of(note))) {
        String[] words = Files.readString(Path.of(note)).strip().split(" ", 3);
        if (words.length == 3 && words[0].equals(Integer.toString(owner))) {
          return "guest '" + words[2] + "' (pid " + words[1] + ")";
        }
      }
    } catch (IOException unreadable) {
      return "";
    }
    return "";
  }

  /** Gives one back before the process ends. */
  void release(Path daemon, String resource, int pid) throws LeaseException {
    SanlockClient client = new SanlockClient(spawner, daemon);
    String plain = resource.replaceFirst(":SH$", "");
    String process = Integer.toString(pid);
    int result = client.ask(ANSWER, "client", "release", "-r", plain, "-p", process);
    // it answers -1 for what the process does not hold, and for much else
    if (result != 0 && holds(client, plain, process)) {
      throw new LeaseException(words(result));
    }
  }

  private static String words(int result) {
    String known = WORDS.get(result);
    if (known != null) {
      return known + " (sanlock " + result + ")";
    }
    return (result > -200 ? Errno.text(-result) : "sanlock's error") + " (sanlock " + result + ")";
  }
}
