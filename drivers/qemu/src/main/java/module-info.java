/** QEMU: domain model to plan, and the monitor protocol. */
module launcher.drivers.qemu {
  requires transitive launcher.drivers.plan;
  requires tools.jackson.core;
  requires static transitive org.jspecify;

  exports launcher.drivers.qemu;
  exports launcher.drivers.qemu.address;
  exports launcher.drivers.qemu.block;
  exports launcher.drivers.qemu.capabilities;
  exports launcher.drivers.qemu.command;
  exports launcher.drivers.qemu.cpu;
  exports launcher.drivers.qemu.draft;
  exports launcher.drivers.qemu.helper;
  exports launcher.drivers.qemu.host;
  exports launcher.drivers.qemu.hostdev;
  exports launcher.drivers.qemu.json;
  exports launcher.drivers.qemu.pipeline;
  exports launcher.drivers.qemu.start;
  exports launcher.drivers.qemu.tool;
}
