package launcher.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.spawn.CommandSpec;
import launcher.spawn.Descriptor;
import launcher.spawn.RealSpawner;
import launcher.spawn.StandardInput;
import launcher.spawn.StandardOutput;

/**
 * The verbs {@code edit} and {@code net-edit}: open the text in an editor, and define what comes
 * back; what is refused may be edited again, so that nothing typed is lost.
 *
 * @param invocation the call
 * @param subject what is edited
 */
record Edit(Invocation invocation, Subject subject) {

  /**
   * A kind of thing that has a text.
   *
   * @param title what messages call it
   * @param operand the operand with its name
   * @param member the name's member in requests
   * @param prefix of its verbs
   */
  record Subject(String title, String operand, String member, String prefix) {
    static final Subject GUEST = new Subject("Domain", Requests.DOMAIN, "guest", "");
    static final Subject NETWORK = new Subject("Network", NetworkVerbs.NETWORK, "network", "net-");
  }

  Outcome run() throws IOException {
    String name = invocation.operand(subject.operand());
    Members asWritten = Json.object(subject.member(), name, "inactive", true, "asWritten", true);
    Json text = invocation.session().client().ask(subject.prefix() + "dumpxml", asWritten);
    boolean validate = !invocation.flag("skip-validate");
    return of(
        invocation,
        Requests.members(text).text("xml"),
        subject.title() + " '" + name + "' XML configuration",
        (after, file) ->
            invocation
                .session()
                .client()
                .ask(
                    subject.prefix() + "define",
                    Json.object(
                        "xml",
                        after,
                        "file",
                        file.toString(),
                        "validate",
                        validate,
                        subject.member(),
                        name)));
  }

  /** Keeps what comes back from the editor. */
  @FunctionalInterface
  interface Keeper {
    /**
     * Keeps it.
     *
     * @throws ControlException when it is refused; then it may be edited again
     */
    void keep(String text, Path file) throws IOException;
  }

  /**
   * Lets somebody edit a text until it is taken, or they give up.
   *
   * @param what it is, for the sentence at the end
   */
  static Outcome of(Invocation invocation, String before, String what, Keeper keeper)
      throws IOException {
    Path file = Files.createTempFile("launcher-", ".xml");
    try {
      Files.writeString(file, before);
      while (true) {
        runEditor(file);
        String after = Files.readString(file);
        if (after.equals(before)) {
          invocation.output().line(what + " not changed.\n");
          return Outcome.DONE;
        }
        try {
          keeper.keep(after, file);
          invocation.output().line(what + " edited.\n");
          return Outcome.DONE;
        } catch (ControlException e) {
          invocation.output().error(String.valueOf(e.getMessage()));
          if (!again(invocation)) {
            throw e;
          }
        }
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static boolean again(Invocation invocation) throws IOException {
    invocation.output().note("Edit again? [y/n] ");
    String answer =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return answer != null && answer.startsWith("y");
  }

  /**
   * The editor's words, split at blanks as git and sudoedit do; nothing expands them. What is empty
   * is as good as unset, and a place with a slash is one below the present folder.
   */
  static List<String> editor(Map<String, String> environment) {
    String editor =
        Stream.of("VISUAL", "EDITOR")
            .map(name -> environment.getOrDefault(name, "").strip())
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("vi");
    List<String> words = new ArrayList<>(List.of(editor.split("\\s+")));
    if (words.getFirst().contains("/")) {
      words.set(0, Path.of(words.getFirst()).toAbsolutePath().normalize().toString());
    }
    return words;
  }

  private static void runEditor(Path file) {
    Map<String, String> environment = System.getenv();
    List<String> words = editor(environment);
    CommandSpec command =
        CommandSpec.of(Path.of(words.getFirst()))
            .passing(environment.keySet().toArray(String[]::new))
            .addAll(words.subList(1, words.size()))
            .add(file.toString())
            .input(new StandardInput.From(new Descriptor.Existing(0)))
            .output(new StandardOutput.To(new Descriptor.Existing(1)))
            .error(new StandardOutput.To(new Descriptor.Existing(2)))
            .build();
    new RealSpawner().run(command).orThrow();
  }
}
