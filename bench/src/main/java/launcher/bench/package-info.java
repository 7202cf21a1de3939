/**
 * Benchmarks, side by side with the peers. {@link launcher.bench.Compare} races launcher against
 * libvirt and bare QEMU.
 */
@NullMarked
package launcher.bench;

import org.jspecify.annotations.NullMarked;
