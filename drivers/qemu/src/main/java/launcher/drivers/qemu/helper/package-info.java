/** The programs that run beside QEMU for a guest: file servers, TPM emulators, passt. */
@NullMarked
package launcher.drivers.qemu.helper;

import org.jspecify.annotations.NullMarked;
