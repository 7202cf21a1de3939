/** QEMU: domain model to plan, and the monitor protocol. */
module launcher.drivers.qemu {
  requires transitive launcher.drivers.plan;
  requires static org.jspecify;
}
