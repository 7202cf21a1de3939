/** Serves the engine on a Unix socket. */
module launcher.daemon {
  requires transitive launcher.engine;
  requires transitive launcher.control;
  requires static org.jspecify;
}
