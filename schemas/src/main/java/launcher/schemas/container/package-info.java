/** The schema of containers: domains of the types {@code lxc} and {@code openvz}. */
@NullMarked
package launcher.schemas.container;

import org.jspecify.annotations.NullMarked;
