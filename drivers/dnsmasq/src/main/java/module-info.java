/** dnsmasq: network model to plan. */
module launcher.drivers.dnsmasq {
  requires transitive launcher.drivers.plan;
  requires static org.jspecify;
}
