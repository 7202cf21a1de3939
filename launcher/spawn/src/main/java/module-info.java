/**
 * Starts processes: exact descriptors, clean signals, dropped capabilities, handshake; usable on
 * its own.
 */
module launcher.spawn {
  requires transitive org.jnrproject.ffi;
  requires org.jnrproject.posix;
  requires static transitive org.jspecify;

  exports launcher.spawn;
  exports launcher.spawn.libc;
  exports launcher.spawn.words;
}
