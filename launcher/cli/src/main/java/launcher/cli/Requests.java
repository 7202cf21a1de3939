package launcher.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.JsonWriter;
import launcher.control.Outcome;

/** The usual ways of a verb: ask the daemon, print the answer. */
public final class Requests {
  /** The name of the operand for guests, which is virsh's. */
  public static final String DOMAIN = "domain";

  private Requests() {}

  /** Asks and prints: the answer itself with {@code --json}, else what {@code text} makes of it. */
  public static Outcome print(
      Invocation in, String verb, Members arguments, Function<Json, String> text)
      throws IOException {
    Json answer =
        in.session()
            .client()
            .ask(
                verb,
                arguments,
                event -> Progress.show(in, arguments.findText("guest").orElse(""), event));
    if (in.options().json()) {
      in.output().json(answer);
    } else {
      in.output().text(text.apply(answer));
    }
    return Outcome.DONE;
  }

  /** Asks and says a sentence when it went well. */
  public static Outcome say(Invocation in, String verb, Members arguments, String sentence)
      throws IOException {
    String text = sentence.isEmpty() ? "\n" : sentence + "\n\n"; // as virsh does
    return print(in, verb, arguments, _ -> in.options().quiet() ? "" : text);
  }

  /**
   * Asks the same of each named guest, in parallel; the sentence has one {@code %s} for the name.
   */
  public static Outcome each(Invocation in, String verb, Members more, String sentence)
      throws IOException {
    return new ManyNames(in, verb)
        .run(
            in.operands(DOMAIN),
            name -> Json.object("guest", name).with(more),
            (name, _) -> sentence.replace("%s", "'" + name + "'") + "\n");
  }

  /** The request's argument for the one named guest. */
  public static Members guest(Invocation in) {
    return Json.object("guest", in.operand(DOMAIN));
  }

  /** The members of an answer that is an object. */
  public static Members members(Json answer) {
    return answer instanceof Members members ? members : Json.object();
  }

  /** The objects of an answer that is an array. */
  public static List<Members> rows(Json answer) {
    return answer instanceof Json.Array(List<Json> items)
        ? items.stream().map(Requests::members).toList()
        : List.of();
  }

  /** A member as text, whatever its type; {@code otherwise} when it is absent. */
  public static String cell(Members row, String member, String otherwise) {
    Json value = row.members().get(member);
    // Not a switch over types: see Json.of.
    if (value instanceof Json.Text(String text)) {
      return text;
    } else if (value instanceof Json.Bool(boolean flag)) {
      return flag ? "yes" : "no";
    }
    return value == null || value == Json.Null.NULL ? otherwise : JsonWriter.line(value);
  }

  /**
   * The text of a file the user named; {@code -} is standard input.
   *
   * @throws ControlException when it cannot be read
   */
  public static String file(String name) {
    try {
      byte[] bytes =
          name.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(name));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new ControlException(Outcome.FAILED, "there is no file '" + name + "'", e);
    } catch (IOException e) {
      throw new ControlException(
          Outcome.FAILED, "the file '" + name + "' cannot be read: " + FileTrouble.words(e), e);
    }
  }

  /** The absolute path of a file the user named, for the daemon, whose folder is another. */
  public static String absolute(String name) {
    return Path.of(name).toAbsolutePath().normalize().toString();
  }
}
