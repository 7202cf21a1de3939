package launcher.drivers.dnsmasq;

import java.nio.file.Path;

/**
 * Where the files of one network's dnsmasq are.
 *
 * @param configuration what it reads at start
 * @param hosts reserved addresses, read again on SIGHUP
 * @param names names of addresses, read again on SIGHUP
 * @param leases what it has lent; its own to write
 * @param pid names and locks the process
 * @param log what it says
 */
public record DnsmasqFiles(
    Path configuration, Path hosts, Path names, Path leases, Path pid, Path log) {

  /**
   * The files of a network.
   *
   * @param state folder that outlives the host's shutdown
   * @param runtime folder that does not
   * @param logs folder of logs
   * @param network name of the network, already checked to be the name of a file
   */
  public static DnsmasqFiles of(Path state, Path runtime, Path logs, String network) {
    return new DnsmasqFiles(
        state.resolve(network + ".conf"),
        state.resolve(network + ".hostsfile"),
        state.resolve(network + ".addnhosts"),
        state.resolve(network + ".leases"),
        runtime.resolve(network + ".dnsmasq.pid"),
        logs.resolve("network-" + network + ".log"));
  }
}
