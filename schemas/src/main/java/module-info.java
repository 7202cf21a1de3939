/** XML of guests and networks: schema, read-only model, reader and writer. */
module launcher.schemas {
  requires static org.jspecify;
}
