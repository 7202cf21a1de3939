/** Running containers of OpenVZ: its own tools and files behind the engine's verbs. */
@NullMarked
package launcher.engine.openvz;

import org.jspecify.annotations.NullMarked;
