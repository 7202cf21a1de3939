package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import launcher.control.Client;
import launcher.control.Json;
import launcher.control.Outcome;

/** Verbs about this program and this host. */
final class HostVerbs implements VerbFamily {
  @Override
  public String title() {
    return "Host and program";
  }

  @Override
  public List<String> names() {
    return List.of("help", "version");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "help" ->
          new Verb("help", "list the verbs, or explain one", HostVerbs::help)
              .optionalOperand("verb");
      case "version" -> new Verb("version", "show the versions of launcher", HostVerbs::version);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Outcome help(Invocation in) {
    Optional<String> name = in.findOperand("verb");
    in.output().text(name.flatMap(Families::find).map(Help::of).orElseGet(Help::overview));
    return Outcome.DONE;
  }

  private static Outcome version(Invocation in) throws IOException {
    String own = Version.text();
    Optional<String> daemon = in.session().clientIfRunning().map(Client::daemonVersion);
    if (in.options().json()) {
      in.output().json(Json.object("launcher", own, "daemon", daemon));
    } else {
      in.output().line("launcher " + own);
      daemon.ifPresent(version -> in.output().line("daemon " + version));
    }
    return Outcome.DONE;
  }
}
