/** Tests of reading, writing and checking XML. */
@NullMarked
package launcher.schemas;

import org.jspecify.annotations.NullMarked;
