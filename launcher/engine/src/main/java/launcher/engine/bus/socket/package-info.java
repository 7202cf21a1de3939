/** D-Bus over a Unix socket that passes file descriptors, for dbus-java to find. */
@NullMarked
package launcher.engine.bus.socket;

import org.jspecify.annotations.NullMarked;
