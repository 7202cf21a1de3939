package launcher.drivers.dnsmasq;

import launcher.spawn.CommandSpec;

/**
 * A dnsmasq to be: what to write, then what to run.
 *
 * @param files where everything is
 * @param configuration text of the configuration file
 * @param reservations text of the file of reserved addresses
 * @param names text of the file of names
 * @param command what reads them
 */
public record DnsmasqPlan(
    DnsmasqFiles files,
    String configuration,
    String reservations,
    String names,
    CommandSpec command) {}
