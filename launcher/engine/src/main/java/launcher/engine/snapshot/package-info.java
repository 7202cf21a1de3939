/** Snapshots of guests: what a disk, and perhaps the memory, was at a moment. */
@NullMarked
package launcher.engine.snapshot;

import org.jspecify.annotations.NullMarked;
