/** Tests of the conversion of LXC's own files. */
@NullMarked
package launcher.drivers.lxc.conversion;

import org.jspecify.annotations.NullMarked;
