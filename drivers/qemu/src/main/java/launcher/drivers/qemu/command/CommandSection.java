package launcher.drivers.qemu.command;

/** Writes one part of the command line: a general option, or all devices of one kind. */
@FunctionalInterface
public interface CommandSection {
  /** Adds the arguments of this part. */
  void write(Guest guest, CommandLine out);
}
