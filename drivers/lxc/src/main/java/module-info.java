/** LXC: domain model to plan. */
module launcher.drivers.lxc {
  requires transitive launcher.drivers.plan;
  requires static org.jspecify;

  exports launcher.drivers.lxc;
  exports launcher.drivers.lxc.conversion;
}
