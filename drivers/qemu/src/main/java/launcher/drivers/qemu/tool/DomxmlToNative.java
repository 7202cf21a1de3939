package launcher.drivers.qemu.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import launcher.drivers.qemu.QemuTranslation;
import launcher.drivers.qemu.QemuTranslation.Result;
import launcher.drivers.qemu.command.JsonWriter;
import launcher.drivers.qemu.command.QemuCommand;
import launcher.drivers.qemu.host.HostProfile;
import launcher.drivers.qemu.host.QemuHost;
import launcher.drivers.qemu.host.QemuHost.Settings;
import launcher.drivers.qemu.json.JsonText;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Translates files of domain XML for a described host, without touching any host: {@code
 * domxml-to-native --format qemu-argv --host-profile DIR}.
 */
public final class DomxmlToNative {
  private final QemuHost host;
  private final boolean validate;

  /**
   * For a host.
   *
   * @param validate whether things the schema does not know refuse a domain
   */
  public DomxmlToNative(QemuHost host, boolean validate) {
    this.host = host;
    this.validate = validate;
  }

  /**
   * For the host that a folder describes, see {@link HostProfile}.
   *
   * @throws UncheckedIOException when a file of it cannot be read
   * @throws IllegalArgumentException when it holds no recorded conversation
   */
  public static DomxmlToNative of(Path profile, boolean validate) {
    return new DomxmlToNative(HostProfile.read(profile), validate);
  }

  /**
   * Translates one file; {@code FILE.settings.json} beside {@code FILE.xml} is laid over the host's
   * settings. A file that cannot be read is refused like one that is wrong.
   */
  public Result translate(Path file) {
    Path settings = file.resolveSibling(name(file) + ".settings.json");
    QemuHost own;
    try {
      own = Files.isRegularFile(settings) ? overlaid(settings) : host;
    } catch (IOException | JacksonException e) {
      return refused(settings, "cannot be read as settings: " + reason(e));
    }
    try {
      return new QemuTranslation(own, validate).translate(file.toString(), bytes(file));
    } catch (IOException e) {
      return refused(file, "cannot be read: " + reason(e));
    } catch (RuntimeException | StackOverflowError e) {
      // a fault of ours in one of many files: the others are translated all the same
      return refused(file, "launcher failed on this definition, please report it: " + e);
    }
  }

  // One byte more than is taken is enough to see that there is too much.
  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(XmlReader.MAX_SIZE + 1);
    }
  }

  private static Result refused(Path file, String message) {
    XmlProblem problem = new XmlProblem(file.toString(), 0, 0, message);
    return new Result(Optional.empty(), Optional.empty(), List.of(problem));
  }

  private static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException ignored -> "it does not exist";
      case AccessDeniedException ignored -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }

  private QemuHost overlaid(Path settings) throws IOException {
    Map<String, String> values = new HashMap<>(host.settings().values());
    values.putAll(HostProfile.settings(JsonText.object(Files.readString(settings))).values());
    return host.with(new Settings(values));
  }

  /**
   * Translates files and writes, for each, {@code NAME.argv} and {@code NAME.completed.xml}, or
   * {@code NAME.err} when it is refused.
   *
   * @param output folder to write into, made when absent; none prints commands and problems instead
   * @param print where lines for people go
   * @return how many were refused
   * @throws UncheckedIOException when a file cannot be written
   */
  public int run(List<Path> files, Optional<Path> output, Consumer<String> print) {
    int refused = 0;
    Map<String, Path> names = new HashMap<>();
    for (Path file : files) {
      @Nullable Path twin = output.isPresent() ? names.putIfAbsent(name(file), file) : null;
      if (twin != null && !twin.equals(file)) {
        print.accept(file + ": would overwrite what was made of '" + twin + "': rename one");
        refused++;
        continue;
      }
      Result result = translate(file);
      refused += result.refused() ? 1 : 0;
      if (output.isPresent()) {
        write(output.get(), name(file), result);
      } else {
        result.command().ifPresent(c -> print.accept(lines(c).strip()));
        result.problems().forEach(p -> print.accept(p.toString()));
      }
    }
    return refused;
  }

  /** Writes what became of one domain into a folder. */
  private static void write(Path folder, String name, Result result) {
    try {
      Files.createDirectories(folder);
      // what is left of an earlier run would contradict this one
      for (String extension : List.of(".argv", ".completed.xml", ".err")) {
        Files.deleteIfExists(folder.resolve(name + extension));
      }
      if (result.command().isPresent() && result.completed().isPresent()) {
        Files.writeString(folder.resolve(name + ".argv"), lines(result.command().get()));
        Files.writeString(
            folder.resolve(name + ".completed.xml"), XmlWriter.write(result.completed().get()));
      } else {
        Files.writeString(folder.resolve(name + ".err"), problems(result.problems()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String problems(List<XmlProblem> problems) {
    return problems.stream().map(p -> p + "\n").collect(Collectors.joining());
  }

  /** One JSON string a line: environment, binary, arguments. */
  private static String lines(QemuCommand command) {
    return command.everything().stream()
        .map(a -> JsonWriter.string(a) + "\n")
        .collect(Collectors.joining());
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".xml") ? name.substring(0, name.length() - 4) : name;
  }
}
