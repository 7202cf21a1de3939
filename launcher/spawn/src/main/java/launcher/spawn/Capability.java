package launcher.spawn;

import java.util.Locale;
import java.util.Optional;

/**
 * The capabilities of Linux in the order of their numbers (capabilities(7), Linux 5.9 and later).
 */
public enum Capability {
  CHOWN,
  DAC_OVERRIDE,
  DAC_READ_SEARCH,
  FOWNER,
  FSETID,
  KILL,
  SETGID,
  SETUID,
  SETPCAP,
  LINUX_IMMUTABLE,
  NET_BIND_SERVICE,
  NET_BROADCAST,
  NET_ADMIN,
  NET_RAW,
  IPC_LOCK,
  IPC_OWNER,
  SYS_MODULE,
  SYS_RAWIO,
  SYS_CHROOT,
  SYS_PTRACE,
  SYS_PACCT,
  SYS_ADMIN,
  SYS_BOOT,
  SYS_NICE,
  SYS_RESOURCE,
  SYS_TIME,
  SYS_TTY_CONFIG,
  MKNOD,
  LEASE,
  AUDIT_WRITE,
  AUDIT_CONTROL,
  SETFCAP,
  MAC_OVERRIDE,
  MAC_ADMIN,
  SYSLOG,
  WAKE_ALARM,
  BLOCK_SUSPEND,
  AUDIT_READ,
  PERFMON,
  BPF,
  CHECKPOINT_RESTORE;

  /** The kernel's bit. */
  public long bit() {
    return 1L << ordinal();
  }

  /** {@code net_admin}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds {@code net_admin}, {@code NET_ADMIN} or {@code cap_net_admin}. */
  public static Optional<Capability> find(String word) {
    String name = word.toUpperCase(Locale.ROOT);
    String bare = name.startsWith("CAP_") ? name.substring(4) : name;
    for (Capability capability : values()) {
      if (capability.name().equals(bare)) {
        return Optional.of(capability);
      }
    }
    return Optional.empty();
  }
}
