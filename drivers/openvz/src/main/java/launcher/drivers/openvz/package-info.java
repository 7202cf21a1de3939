/** OpenVZ: domain model to plan. */
@NullMarked
package launcher.drivers.openvz;

import org.jspecify.annotations.NullMarked;
