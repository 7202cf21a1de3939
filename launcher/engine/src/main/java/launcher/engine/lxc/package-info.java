/** Runs containers by LXC. */
@NullMarked
package launcher.engine.lxc;

import org.jspecify.annotations.NullMarked;
