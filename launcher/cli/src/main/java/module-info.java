/** The launcher command. */
module launcher.cli {
  requires transitive launcher.control;
  requires launcher.spawn;
  requires launcher.drivers.lxc;
  requires launcher.drivers.qemu;
  requires org.jnrproject.ffi;
  requires jdk.unsupported; // sun.misc.Signal: ^C
  requires static transitive org.jspecify;

  exports launcher.cli;
}
