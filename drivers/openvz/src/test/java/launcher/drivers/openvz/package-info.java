/** Tests of OpenVZ's commands, word by word. */
@NullMarked
package launcher.drivers.openvz;

import org.jspecify.annotations.NullMarked;
