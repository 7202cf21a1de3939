/** Benchmarks, side by side with the peers. */
@NullMarked
package launcher.bench;

import org.jspecify.annotations.NullMarked;
