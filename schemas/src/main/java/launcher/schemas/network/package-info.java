/** Virtual networks: the read-only model of libvirt's network XML, its schema and its rules. */
@NullMarked
package launcher.schemas.network;

import org.jspecify.annotations.NullMarked;
