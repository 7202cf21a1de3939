/** XML of guests and networks: schema, read-only model, reader and writer. */
@NullMarked
package launcher.schemas;

import org.jspecify.annotations.NullMarked;
