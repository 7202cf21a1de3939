/** dnsmasq: network model to plan. */
@NullMarked
package launcher.drivers.dnsmasq;

import org.jspecify.annotations.NullMarked;
