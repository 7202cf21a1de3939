package launcher.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.drivers.lxc.conversion.DomainFromNative;
import launcher.drivers.lxc.conversion.NativeIncludes;
import launcher.schemas.XmlWriter;

/**
 * The verb {@code domxml-from-native}.
 *
 * @param invocation the call
 */
record FromNative(Invocation invocation) {
  /** libvirt's name of the format. */
  static final String LXC = "lxc-tools";

  /** More than any configuration has. */
  private static final int LARGEST = 1 << 20;

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
              file,
              Files.readString(Path.of(file)),
              UUID.randomUUID().toString(),
              path -> included(beside(file, path)));
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

  private static Path beside(String file, String path) throws IOException {
    try {
      return Path.of(file).toAbsolutePath().resolveSibling(path);
    } catch (InvalidPathException e) {
      throw new IOException("it is no path", e);
    }
  }

  private static List<NativeIncludes.Included> included(Path path) throws IOException {
    List<NativeIncludes.Included> found = new ArrayList<>();
    for (Path file : Files.isDirectory(path) ? folder(path) : List.of(path)) {
      if (!Files.isRegularFile(file)) {
        throw new IOException("there is no such file");
      }
      if (Files.size(file) > LARGEST) {
        throw new IOException("it is larger than " + LARGEST + " bytes");
      }
      found.add(new NativeIncludes.Included(file.toString(), Files.readString(file)));
    }
    return found;
  }

  private static List<Path> folder(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    }
  }
}
