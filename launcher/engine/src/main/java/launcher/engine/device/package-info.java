/** Devices of the host that guests get: what they are, and how they change hands. */
@NullMarked
package launcher.engine.device;

import org.jspecify.annotations.NullMarked;
