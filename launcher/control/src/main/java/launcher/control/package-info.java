/** What client and daemon say to each other: requests, replies, events, framing. */
@NullMarked
package launcher.control;

import org.jspecify.annotations.NullMarked;
