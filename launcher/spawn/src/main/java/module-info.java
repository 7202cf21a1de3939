/**
 * Starts processes: exact descriptors, clean signals, dropped capabilities, handshake; usable on
 * its own.
 */
module launcher.spawn {
  requires static transitive org.jspecify;

  exports launcher.spawn;
}
