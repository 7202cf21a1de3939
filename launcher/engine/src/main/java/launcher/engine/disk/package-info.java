/** The images of disks: their chains, and what runs on them while the guest does. */
@NullMarked
package launcher.engine.disk;

import org.jspecify.annotations.NullMarked;
