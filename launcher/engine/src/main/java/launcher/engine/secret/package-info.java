/** Secrets of guests: passwords of disks and of TPMs, kept in files of their own. */
@NullMarked
package launcher.engine.secret;

import org.jspecify.annotations.NullMarked;
