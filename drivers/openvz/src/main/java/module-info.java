/** OpenVZ: domain model to plan. */
module launcher.drivers.openvz {
  requires transitive launcher.drivers.plan;
  requires static org.jspecify;
}
