/** Leases: the right to use a disk, held by the guest's own process for as long as it lives. */
@NullMarked
package launcher.engine.lease;

import org.jspecify.annotations.NullMarked;
