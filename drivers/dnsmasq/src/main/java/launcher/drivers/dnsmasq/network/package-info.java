/**
 * A whole network as a plan: bridge, addresses, firewall, forwarding and dnsmasq, as plain data.
 */
@NullMarked
package launcher.drivers.dnsmasq.network;

import org.jspecify.annotations.NullMarked;
