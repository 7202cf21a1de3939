/** What one start of a process costs, beside C and the JDK. */
@NullMarked
package launcher.bench.spawn;

import org.jspecify.annotations.NullMarked;
