/** Tests of OpenVZ's commands, against a stand-in for its tools. */
@NullMarked
package launcher.drivers.openvz;

import org.jspecify.annotations.NullMarked;
