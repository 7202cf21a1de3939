package launcher.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.drivers.lxc.conversion.DomainFromNative;
import launcher.schemas.XmlWriter;

/**
 * The verb {@code domxml-from-native}.
 *
 * @param invocation the call
 */
record FromNative(Invocation invocation) {
  /** libvirt's name of the format. */
  static final String LXC = "lxc-tools";

  Outcome run() throws IOException {
    String format = invocation.operand("format");
    if (!format.equals(LXC)) {
      throw new ControlException(Outcome.USAGE, "there is no format '" + format + "': " + LXC);
    }
    String file = invocation.operand("file");
    DomainFromNative.Result result;
    try {
      result =
          DomainFromNative.convert(
              file, Files.readString(Path.of(file)), UUID.randomUUID().toString());
    } catch (NoSuchFileException e) {
      throw new ControlException(Outcome.FAILED, "'" + file + "' does not exist", e);
    }
    result.problems().forEach(problem -> invocation.output().note(problem + "\n"));
    if (result.domain().isEmpty()) {
      return Outcome.INVALID;
    }
    invocation.output().text(XmlWriter.write(result.domain().get()));
    return Outcome.DONE;
  }
}
