/** QEMU's monitor protocol (QMP) over its Unix socket. */
@NullMarked
package launcher.engine.qmp;

import org.jspecify.annotations.NullMarked;
