/** Controllers: those that come by themselves, their models, and their part of the command. */
@NullMarked
package launcher.drivers.qemu.controller;

import org.jspecify.annotations.NullMarked;
