/**
 * Guests and networks: stores, plan runner, monitors, leases, labels, firewall; the Java API to
 * embed.
 */
@NullMarked
package launcher.engine;

import org.jspecify.annotations.NullMarked;
