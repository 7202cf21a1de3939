/** Tests of the translation of containers. */
@NullMarked
package launcher.drivers.lxc;

import org.jspecify.annotations.NullMarked;
