/** Virtual networks: their definitions, their life on the host, and how guests are plugged in. */
@NullMarked
package launcher.engine.network;

import org.jspecify.annotations.NullMarked;
