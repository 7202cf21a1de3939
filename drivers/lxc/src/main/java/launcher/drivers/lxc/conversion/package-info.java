/** From LXC's own configuration files to domain XML and back. */
@NullMarked
package launcher.drivers.lxc.conversion;

import org.jspecify.annotations.NullMarked;
