/** Character devices, network interfaces, displays, sound, input and the smaller devices. */
@NullMarked
package launcher.drivers.qemu.devices;

import org.jspecify.annotations.NullMarked;
