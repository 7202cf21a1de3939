/** dnsmasq: from a network to its configuration files and the command that reads them. */
@NullMarked
package launcher.drivers.dnsmasq;

import org.jspecify.annotations.NullMarked;
