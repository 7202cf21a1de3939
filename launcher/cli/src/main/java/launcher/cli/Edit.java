package launcher.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
 * The verb {@code edit}: opens the guest's text in an editor, and defines what comes back; what is
 * refused may be edited again, so that nothing typed is lost.
 *
 * @param invocation the call
 */
record Edit(Invocation invocation) {

  Outcome run() throws IOException {
    String guest = invocation.operand(Requests.DOMAIN);
    Members asWritten = Json.object("guest", guest, "inactive", true, "asWritten", true);
    String before =
        Requests.members(invocation.session().client().ask("dumpxml", asWritten)).text("xml");
    Path file = Files.createTempFile("launcher-", ".xml");
    try {
      Files.writeString(file, before);
      return edit(guest, before, file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Outcome edit(String guest, String before, Path file) throws IOException {
    while (true) {
      runEditor(file);
      String after = Files.readString(file);
      if (after.equals(before)) {
        invocation.output().line("Domain '" + guest + "' XML configuration not changed.\n");
        return Outcome.DONE;
      }
      Members arguments =
          Json.object("xml", after, "file", file.toString(), "validate", true, "guest", guest);
      try {
        invocation.session().client().ask("define", arguments);
        invocation.output().line("Domain '" + guest + "' XML configuration edited.\n");
        return Outcome.DONE;
      } catch (ControlException e) {
        invocation.output().error(String.valueOf(e.getMessage()));
        if (!again()) {
          throw e;
        }
      }
    }
  }

  private boolean again() throws IOException {
    invocation.output().note("Edit again? [y/n] ");
    String answer =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return answer != null && answer.startsWith("y");
  }

  /** The editor's words are split at blanks, as git and sudoedit do; nothing expands them. */
  private static void runEditor(Path file) {
    Map<String, String> environment = System.getenv();
    String editor = environment.getOrDefault("VISUAL", environment.getOrDefault("EDITOR", "vi"));
    List<String> words = List.of(editor.strip().split("\\s+"));
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
