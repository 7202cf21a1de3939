/** The launcher command. */
module launcher.cli {
  requires transitive launcher.control;
  requires static org.jspecify;
}
