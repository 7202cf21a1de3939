package launcher.spawn;

/** The label the program gets from the kernel's security module when it is executed. */
public sealed interface ExecLabel {
  /** An SELinux context such as {@code system_u:system_r:svirt_t:s0:c12,c345}. */
  record Selinux(String context) implements ExecLabel {
    public Selinux {
      Words.refuseNul("SELinux context", context);
    }
  }

  /** The name of a loaded AppArmor profile. */
  record Apparmor(String profile) implements ExecLabel {
    public Apparmor {
      Words.refuseNul("AppArmor profile", profile);
    }
  }
}
