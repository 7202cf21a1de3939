/**
 * Commands from words: what {@code launcher spawn} understands, for people and for tests by hand.
 */
@NullMarked
package launcher.spawn.words;

import org.jspecify.annotations.NullMarked;
