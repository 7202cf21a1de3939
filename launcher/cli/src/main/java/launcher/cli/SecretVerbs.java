package launcher.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs about the secrets of guests: passphrases of disks and of TPMs. */
final class SecretVerbs implements VerbFamily {
  private static final String SECRET = "secret";

  @Override
  public String title() {
    return "Secrets";
  }

  @Override
  public List<String> names() {
    return List.of(
        "secret-define",
        "secret-dumpxml",
        "secret-get-value",
        "secret-list",
        "secret-set-value",
        "secret-undefine");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "secret-define" ->
          new Verb(name, "define a secret from an XML file", SecretVerbs::define)
              .operand("file")
              .flag("validate", "refuse what the schema does not know (always so)");
      case "secret-dumpxml" ->
          XmlSelection.options(
              new Verb(name, "print the XML of a secret", SecretVerbs::dump).operand(SECRET));
      case "secret-get-value" ->
          new Verb(name, "print the value of a secret, in base64", SecretVerbs::get)
              .operand(SECRET)
              .flag("plain", "as it is");
      case "secret-list" ->
          new Verb(name, "list secrets", SecretVerbs::list)
              .flag("ephemeral", "only those whose value ends with the host's session")
              .flag("no-ephemeral", "only those whose value lasts")
              .flag("private", "only those whose value is shown to nobody")
              .flag("no-private", "only those whose value is shown");
      case "secret-set-value" ->
          new Verb(name, "give a secret its value", SecretVerbs::set)
              .operand(SECRET)
              .option("file", "path", "file with the value; - is standard input")
              .option("base64", "text", "the value; other people of this host may see it")
              .flag("interactive", "ask for it on the terminal")
              .flag("plain", "the file holds the value itself, not its base64");
      case "secret-undefine" ->
          new Verb(
                  name,
                  "forget a secret and its value",
                  in ->
                      Requests.say(
                          in, name, secret(in), "Secret %s deleted".formatted(in.operand(SECRET))))
              .operand(SECRET);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Members secret(Invocation in) {
    return Json.object(SECRET, in.operand(SECRET));
  }

  private static Outcome define(Invocation in) throws IOException {
    String file = in.operand("file");
    return Requests.print(
        in,
        "secret-define",
        Json.object("xml", Requests.file(file), "file", file),
        reply -> "Secret %s created\n\n".formatted(Requests.members(reply).text("uuid")));
  }

  private static Outcome dump(Invocation in) throws IOException {
    return Requests.print(
        in,
        "secret-dumpxml",
        secret(in).with(XmlSelection.of(in)),
        reply -> Requests.members(reply).text("xml") + "\n");
  }

  private static Outcome get(Invocation in) throws IOException {
    return Requests.print(
        in,
        "secret-get-value",
        secret(in),
        reply -> {
          String value = Requests.members(reply).text("value");
          return in.flag("plain")
              ? new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)
              : value + "\n";
        });
  }

  private static Outcome list(Invocation in) throws IOException {
    return Requests.print(
        in,
        "secret-list",
        Json.object(),
        reply -> {
          Table table = new Table("UUID", "Usage");
          for (Members row : Requests.rows(reply)) {
            if (wanted(in, "ephemeral", row) && wanted(in, "private", row)) {
              String usage = row.text("usage");
              table.row(
                  row.text("uuid"),
                  usage.equals("none") ? "Unused" : usage + " " + row.text("use"));
            }
          }
          return table.toString();
        });
  }

  private static boolean wanted(Invocation in, String property, Members row) {
    boolean yes = in.flag(property);
    boolean no = in.flag("no-" + property);
    return yes == no || row.isTrue(property) == yes;
  }

  private static Outcome set(Invocation in) throws IOException {
    return Requests.say(
        in,
        "secret-set-value",
        secret(in).with(Json.object("value", value(in))),
        "Secret value set");
  }

  private static String value(Invocation in) throws IOException {
    Optional<String> file = in.value("file");
    Optional<String> text = in.value("base64");
    int ways =
        (file.isPresent() ? 1 : 0) + (text.isPresent() ? 1 : 0) + (in.flag("interactive") ? 1 : 0);
    if (ways != 1) {
      throw new ControlException(
          Outcome.USAGE, "the value comes from one of --file, --base64 and --interactive");
    }
    if (in.flag("interactive")) {
      return Base64.getEncoder().encodeToString(asked());
    }
    if (text.isPresent()) {
      return text.get();
    }
    byte[] content = bytes(file.orElseThrow());
    return in.flag("plain")
        ? Base64.getEncoder().encodeToString(content)
        : new String(content, StandardCharsets.UTF_8).strip();
  }

  private static byte[] asked() {
    java.io.Console terminal = java.util.Objects.requireNonNull(System.console());
    char[] word =
        terminal.isTerminal() ? terminal.readPassword("Enter new value for secret: ") : null;
    if (word == null) {
      throw new ControlException(
          Outcome.USAGE, "--interactive needs a terminal: give the value with --file");
    }
    return new String(word).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String file) throws IOException {
    try {
      return file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
    } catch (java.nio.file.NoSuchFileException e) {
      throw new ControlException(Outcome.FAILED, "there is no file '" + file + "'", e);
    }
  }
}
