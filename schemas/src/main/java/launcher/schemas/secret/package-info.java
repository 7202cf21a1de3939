/** Secrets: what they are for, never what they are. */
@NullMarked
package launcher.schemas.secret;

import org.jspecify.annotations.NullMarked;
