package launcher.spawn;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns a command into orders, one method per kind of thing. */
final class OrderWriter {
  /**
   * The rights Landlock handles, all of version 5 (linux/landlock.h); the executor leaves out what
   * the kernel lacks.
   */
  private static final long LANDLOCK_ALL = 0xffff;

  /** Abstract Unix sockets and signals, of version 6. */
  private static final long LANDLOCK_SCOPES = 3;

  /** Binding and connecting TCP sockets, of version 4. */
  private static final long LANDLOCK_TCP = 3;

  private static final long LANDLOCK_READ = 1 << 2 | 1 << 3;
  private static final long LANDLOCK_EXECUTE = LANDLOCK_READ | 1;
  private static final long LANDLOCK_WRITE = LANDLOCK_READ | 1 << 1 | 1 << 14 | 1 << 15;
  private static final long LANDLOCK_MANAGE = LANDLOCK_ALL & ~(1 | 1 << 6 | 1 << 11);

  private final Orders orders = new Orders();
  private final CommandSpec command;

  private OrderWriter(CommandSpec command) {
    this.command = command;
  }

  /**
   * Writes all orders of a command.
   *
   * @param program resolved, absolute
   * @param parent pid of this process
   */
  static Orders write(
      CommandSpec command, Path program, Inheritance inheritance, boolean handshake, int parent) {
    OrderWriter writer = new OrderWriter(command);
    writer.descriptors(inheritance);
    writer.surroundings(parent);
    writer.locks();
    writer.confinement(command.confinement());
    if (handshake) {
      writer.orders.begin(Orders.Type.HANDSHAKE, "");
    }
    writer.program(program);
    return writer.orders;
  }

  /** Writes the orders for opening a file as somebody else. */
  static Orders openAs(Descriptor.OpenFile file, Identity identity, CapabilitySets capabilities) {
    OrderWriter writer = new OrderWriter(CommandSpec.of(file.path()).build());
    writer.identity(identity);
    writer.capabilities(capabilities);
    writer.open(3, file);
    writer.orders.begin(Orders.Type.HAND_OVER, file.path().toString()).number(3).number(0);
    return writer.orders;
  }

  private void descriptors(Inheritance inheritance) {
    inheritance
        .nulls()
        .forEach(target -> orders.begin(Orders.Type.NULL, "/dev/null").number(target).number(0));
    inheritance.files().forEach(this::open);
    for (Map.Entry<Integer, Integer> inherited : inheritance.numbers().entrySet()) {
      orders
          .begin(Orders.Type.INHERIT, "descriptor " + inherited.getKey())
          .number(inherited.getValue())
          .number(inherited.getKey());
    }
    if (inheritance.merged()) {
      orders.begin(Orders.Type.SAME, "standard error").number(1).number(2);
    }
  }

  private void open(int target, Descriptor.OpenFile file) {
    int access =
        switch (file.access()) {
          case READ -> 0;
          case WRITE -> 1;
          case READ_WRITE -> 2;
          case APPEND -> 1 | 4;
        };
    int flags = access | (file.create() ? 8 : 0) | (file.truncate() ? 16 : 0);
    orders
        .begin(Orders.Type.OPEN, file.path().toString())
        .number(target)
        .number(flags)
        .number(file.permissions())
        .number(0)
        .text(file.path().toString());
  }

  private void surroundings(int parent) {
    if (command.daemon()) {
      orders.begin(Orders.Type.NEW_SESSION, "");
    }
    Path directory = command.workingDirectory();
    if (directory != null || command.daemon()) {
      String text = directory == null ? "/" : directory.toString();
      orders.begin(Orders.Type.DIRECTORY, text).text(text);
    }
    if (command.umask() != null) {
      orders.begin(Orders.Type.UMASK, "").number(command.umask()).number(0);
    }
    scheduling(command.scheduling());
    for (Path cgroup : command.cgroups()) {
      orders.begin(Orders.Type.CGROUP, cgroup.toString()).text(membersOf(cgroup).toString());
    }
    if (command.parentDeathSignal() != null) {
      orders
          .begin(Orders.Type.DEATH_SIGNAL, command.parentDeathSignal().name())
          .number(command.parentDeathSignal().number())
          .number(parent);
    }
  }

  /**
   * Where a process enters a control group. In version 1 the executor enters as the one thread that
   * it is: for a whole process the kernel first waits until no process of the machine forks, ten
   * milliseconds and more (cgroup_procs_write_start, Linux 6.0).
   */
  private static Path membersOf(Path cgroup) {
    Path threads = cgroup.resolve("tasks");
    return Files.exists(threads) ? threads : cgroup.resolve("cgroup.procs");
  }

  private void scheduling(Scheduling scheduling) {
    if (scheduling.outOfMemoryScore() != null) {
      String score = scheduling.outOfMemoryScore().toString();
      orders.begin(Orders.Type.OOM_SCORE, score).text(score);
    }
    if (scheduling.policy() != null) {
      orders
          .begin(Orders.Type.SCHEDULING, scheduling.policy().name().toLowerCase(Locale.ROOT))
          .number(scheduling.policy().number())
          .number(scheduling.priority());
    }
    if (scheduling.nice() != null) {
      orders
          .begin(Orders.Type.NICE, scheduling.nice().toString())
          .number(scheduling.nice())
          .number(0);
    }
    if (!scheduling.processors().isEmpty()) {
      byte[] mask = new byte[128];
      for (int processor : scheduling.processors()) {
        mask[processor / 8] |= (byte) (1 << processor % 8);
      }
      orders.begin(Orders.Type.AFFINITY, scheduling.processors().toString()).raw(mask);
    }
  }

  private void locks() {
    PidFile pidFile = command.pidFile();
    if (pidFile != null) {
      orders.begin(Orders.Type.PID_FILE, pidFile.path().toString()).text(pidFile.path().toString());
    }
    for (LeaseFile lease : command.leases()) {
      String path = lease.path().toString();
      orders
          .begin(Orders.Type.LEASE, path)
          .number(lease.shared() ? 1 : 0)
          .number(0)
          .text(path)
          .text(lease.holder());
    }
    for (Registration registration : command.registrations()) {
      String socket = registration.socket().toString();
      orders
          .begin(Orders.Type.REGISTER, socket)
          .number(registration.saying().size())
          .number(registration.hearing().size())
          .raw(Arrays.copyOf(registration.saying().array(), Registration.LONGEST))
          .raw(Arrays.copyOf(registration.hearing().array(), Registration.LONGEST))
          .text(socket);
    }
  }

  private void confinement(Confinement confinement) {
    switch (confinement.label()) {
      case null -> {}
      case ExecLabel.Selinux(String context) -> label("/proc/self/attr/exec", context, context);
      case ExecLabel.Apparmor(String profile) ->
          label("/proc/self/attr/apparmor/exec", "exec " + profile, profile);
    }
    if (confinement.noNewPrivileges()) {
      orders.begin(Orders.Type.NO_NEW_PRIVILEGES, "");
    }
    landlock(confinement);
    for (ResourceLimit limit : confinement.limits()) {
      orders
          .begin(Orders.Type.LIMIT, limit.resource().word())
          .number(limit.resource().number())
          .number(0)
          .wide(limit.soft())
          .wide(limit.hard());
    }
    if (confinement.identity() != null) {
      identity(confinement.identity());
    }
    if (confinement.capabilities() != null) {
      capabilities(confinement.capabilities());
    }
  }

  private void label(String attribute, String value, String object) {
    orders.begin(Orders.Type.LABEL, object).text(attribute).text(value);
  }

  private void landlock(Confinement confinement) {
    List<LandlockRule> rules = confinement.landlock();
    if (rules == null && !confinement.scoped() && !confinement.withoutTcp()) {
      return;
    }
    orders
        .begin(Orders.Type.LANDLOCK, "")
        .wide(rules == null ? 0 : LANDLOCK_ALL)
        .wide(confinement.scoped() ? LANDLOCK_SCOPES : 0)
        .wide(confinement.withoutTcp() ? LANDLOCK_TCP : 0);
    for (LandlockRule rule : rules == null ? List.<LandlockRule>of() : rules) {
      long access =
          switch (rule.access()) {
            case READ -> LANDLOCK_READ;
            case EXECUTE -> LANDLOCK_EXECUTE;
            case WRITE -> LANDLOCK_WRITE;
            case MANAGE -> LANDLOCK_MANAGE;
          };
      String path = rule.path().toString();
      orders
          .begin(Orders.Type.LANDLOCK_RULE, path)
          .wide(access)
          .number((rule.optional() ? 1 : 0) | (rule.exact() ? 2 : 0))
          .number(0)
          .text(path);
    }
  }

  private void identity(Identity identity) {
    orders
        .begin(Orders.Type.IDENTITY, "")
        .number((int) identity.uid())
        .number((int) identity.gid())
        .number(identity.groups().size())
        .number(0);
    identity.groups().forEach(group -> orders.number(group.intValue()));
  }

  private void capabilities(CapabilitySets sets) {
    orders.begin(Orders.Type.CAPABILITIES, "").wide(sets.bits());
  }

  private void program(Path program) {
    orders.begin(Orders.Type.PROGRAM, program.toString()).text(program.toString());
    orders.begin(Orders.Type.ARGUMENTS, "").text(command.program().toString());
    command.arguments().forEach(argument -> orders.text(argument.text()));
    orders.begin(Orders.Type.ENVIRONMENT, "");
    command.environment().resolve(System.getenv()).forEach(orders::text);
  }
}
