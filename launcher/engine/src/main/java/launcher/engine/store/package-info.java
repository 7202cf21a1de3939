/** What lies on disk: definitions and records, each written whole or not at all. */
@NullMarked
package launcher.engine.store;

import org.jspecify.annotations.NullMarked;
