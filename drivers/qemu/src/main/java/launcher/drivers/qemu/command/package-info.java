/** QEMU's command line: arguments with their origin. */
@NullMarked
package launcher.drivers.qemu.command;

import org.jspecify.annotations.NullMarked;
