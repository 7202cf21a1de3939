/**
 * Starts processes: exact descriptors, clean signals, dropped capabilities, handshake; usable on
 * its own.
 */
@NullMarked
package launcher.spawn;

import org.jspecify.annotations.NullMarked;
