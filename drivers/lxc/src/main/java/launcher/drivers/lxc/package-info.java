/** LXC: domain model to plan. */
@NullMarked
package launcher.drivers.lxc;

import org.jspecify.annotations.NullMarked;
