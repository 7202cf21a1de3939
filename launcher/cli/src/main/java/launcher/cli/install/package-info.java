/**
 * Completes an installed tree: commands without a shell, and archives that make them start fast.
 */
@NullMarked
package launcher.cli.install;

import org.jspecify.annotations.NullMarked;
