/** The commands are true: the installed QEMU is started with them and asked. */
@NullMarked
package launcher.drivers.qemu.live;

import org.jspecify.annotations.NullMarked;
