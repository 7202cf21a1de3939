/** What becomes of guests when their host goes down, on a real systemd. */
@NullMarked
package launcher.tests.shutdown;

import org.jspecify.annotations.NullMarked;
