package launcher.cli;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.drivers.qemu.tool.DomxmlToNative;

/**
 * The verb {@code domxml-to-native}: many files in one process, for a host that a folder describes;
 * no daemon, and no host is touched.
 *
 * @param invocation the call
 */
record ToNative(Invocation invocation) {
  private static final String QEMU = "qemu-argv";

  Outcome run() {
    String format = invocation.value("format").orElse(QEMU);
    if (format.equals(FromNative.LXC)) {
      return new ContainerToNative(invocation).run();
    }
    if (!format.equals(QEMU)) {
      throw new ControlException(
          Outcome.USAGE, "there is no format '" + format + "': " + QEMU + " or " + FromNative.LXC);
    }
    Path profile =
        invocation
            .value("host-profile")
            .map(Path::of)
            .orElseThrow(() ->
                new ControlException(
                    Outcome.USAGE,
                    "domxml-to-native needs --host-profile; 'launcher plan' translates for this host"));
    List<Path> files = invocation.operands("file").stream().map(Path::of).toList();
    Optional<Path> output = invocation.value("output-dir").map(Path::of);
    try {
      int refused =
          DomxmlToNative.of(profile, !invocation.flag("no-validate"))
              .run(files, output, invocation.output()::line);
      return refused == 0 ? Outcome.DONE : Outcome.INVALID;
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new ControlException(Outcome.FAILED, String.valueOf(e.getMessage()), e);
    }
  }
}
