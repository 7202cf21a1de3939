/** The launcher command. */
module launcher.cli {
  requires transitive launcher.control;
  requires static transitive org.jspecify;

  exports launcher.cli;
}
