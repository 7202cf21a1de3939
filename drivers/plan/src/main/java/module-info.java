/** What a driver says: plan, steps, host facts, grants. */
module launcher.drivers.plan {
  requires transitive launcher.spawn;
  requires transitive launcher.schemas;
  requires static transitive org.jspecify;

  exports launcher.drivers.plan;
}
