/** OpenVZ: domain model to vzctl's commands, and its configuration files to domains. */
module launcher.drivers.openvz {
  requires transitive launcher.drivers.plan;
  requires static org.jspecify;

  exports launcher.drivers.openvz;
}
