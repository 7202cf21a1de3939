/** QEMU's command line: arguments with their origin, sections in their order. */
@NullMarked
package launcher.drivers.qemu.command;

import org.jspecify.annotations.NullMarked;
