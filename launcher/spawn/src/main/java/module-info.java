/**
 * Starts processes: exact descriptors, clean signals, dropped capabilities, handshake; usable on
 * its own.
 */
module launcher.spawn {
  requires transitive org.jnrproject.ffi;
  requires org.jnrproject.posix;
  requires org.objectweb.asm; // jnr-ffi's, which as an automatic module cannot ask for it itself
  requires static transitive org.jspecify;

  exports launcher.spawn;
  exports launcher.spawn.libc;
  exports launcher.spawn.words;
}
