package launcher.drivers.plan;

/**
 * What every driver may know of the host; the engine gathers it once. What only one driver needs
 * (QEMU's capabilities) it is given when it is made.
 *
 * @param architecture in libvirt's names: {@code x86_64}, {@code aarch64} …
 * @param hostName the host's own name
 * @param uid whom the engine runs as
 * @param gid its group
 * @param processors those online, at least 1
 * @param memoryKib memory of the host in KiB
 * @param kvm whether {@code /dev/kvm} can be opened for reading and writing
 */
public record HostFacts(
    String architecture,
    String hostName,
    long uid,
    long gid,
    int processors,
    long memoryKib,
    boolean kvm) {
  /** Whether the engine runs as root. */
  public boolean privileged() {
    return uid == 0;
  }
}
