/** Serves the engine on a Unix socket. */
module launcher.daemon {
  requires transitive launcher.engine;
  requires transitive launcher.control;
  requires static transitive org.jspecify;
  requires org.jnrproject.unixsocket;
  requires org.jnrproject.enxio;
  requires java.logging;
  requires java.xml;

  exports launcher.daemon;
}
