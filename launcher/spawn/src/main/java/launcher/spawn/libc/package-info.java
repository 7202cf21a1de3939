/**
 * The C library's calls that Java has no other way to, each with its name in C; the one door to
 * native code.
 */
@NullMarked
package launcher.spawn.libc;

import org.jspecify.annotations.NullMarked;
