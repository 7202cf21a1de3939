package launcher.drivers.dnsmasq;

import java.nio.file.Path;
import java.util.Set;
import launcher.schemas.network.Ip;
import launcher.schemas.network.Network;
import launcher.spawn.Capability;
import launcher.spawn.CapabilitySets;
import launcher.spawn.CommandSpec;
import launcher.spawn.Confinement;
import launcher.spawn.Descriptor;
import launcher.spawn.Identity;
import launcher.spawn.StandardInput;
import launcher.spawn.StandardOutput;
import launcher.spawn.StandardStreams;

/** Plans the dnsmasq of a network; touches nothing. */
public final class DnsmasqDriver {
  /**
   * What it needs of root's powers: addresses and leases of the bridge, raw packets to clients that
   * have no address yet, the ports 53, 67, 69 and 547.
   */
  private static final Set<Capability> POWERS =
      Set.of(Capability.NET_ADMIN, Capability.NET_RAW, Capability.NET_BIND_SERVICE);

  private DnsmasqDriver() {}

  /** Whether the network has anything to serve. */
  public static boolean serves(Network network) {
    return !network.ips().isEmpty()
        && network.mode().ownsBridge()
        && (network.dns().enabled()
            || network.ips().stream().anyMatch(ip -> ip.servesDhcp() || ip.tftpRoot().isPresent())
            || network.ips(Ip.Family.IPV6).findAny().isPresent());
  }

  /**
   * The command and its files.
   *
   * @param network completed: its bridge has a name
   * @param program dnsmasq itself
   * @param identity whom it runs as from its birth on
   * @throws DnsmasqException when a value of the network cannot be one value of one line
   */
  public static DnsmasqPlan plan(
      Network network, Path program, DnsmasqFiles files, Identity identity) {
    return new DnsmasqPlan(
        files,
        DnsmasqConfiguration.of(network, files),
        HostFiles.reservations(network),
        HostFiles.names(network),
        command(program, files, identity));
  }

  private static CommandSpec command(Path program, DnsmasqFiles files, Identity identity) {
    Descriptor log =
        new Descriptor.OpenFile(files.log(), Descriptor.Access.APPEND, true, false, 0600);
    return CommandSpec.of(program)
        .addPair("--conf-file", files.configuration().toString())
        // It stays the process that was started, and its pid file is written by whoever starts it.
        .add("--keep-in-foreground", "--pid-file")
        .addPair("--dhcp-leasefile", files.leases().toString())
        .add("--log-facility=-")
        .streams(
            new StandardStreams(
                new StandardInput.Null(), new StandardOutput.To(log), new StandardOutput.To(log)))
        .confinement(
            Confinement.NONE
                .withIdentity(identity)
                .withCapabilities(CapabilitySets.keep(POWERS))
                .withNoNewPrivileges(true))
        .umask(0077)
        .daemon()
        .pidFile(files.pid())
        .build();
  }
}
