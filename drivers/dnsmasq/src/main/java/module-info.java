/** dnsmasq: network model to plan. */
module launcher.drivers.dnsmasq {
  requires transitive launcher.drivers.plan;
  requires transitive launcher.schemas;
  requires transitive launcher.spawn;
  requires static transitive org.jspecify;

  exports launcher.drivers.dnsmasq;
  exports launcher.drivers.dnsmasq.network;
}
