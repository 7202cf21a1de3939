/** What a driver says: plan, steps, host facts, grants. */
@NullMarked
package launcher.drivers.plan;

import org.jspecify.annotations.NullMarked;
