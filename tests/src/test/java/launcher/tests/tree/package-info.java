/** The installed tree, used as people use it. */
@NullMarked
package launcher.tests.tree;

import org.jspecify.annotations.NullMarked;
