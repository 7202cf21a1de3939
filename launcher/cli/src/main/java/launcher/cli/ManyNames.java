package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Message;
import launcher.control.Outcome;

/**
 * One request for each name, many at once: the daemon carries them out in parallel, and each result
 * is told as it comes.
 *
 * @param invocation the call
 * @param verb the daemon's verb
 */
public record ManyNames(Invocation invocation, String verb) {
  /**
   * Requests without an answer yet. More would help nobody, and with enough of them both ends would
   * wait for the other to read.
   */
  private static final int MOST_UNDER_WAY = 32;

  /** What to say about a name when its request went well. */
  @FunctionalInterface
  public interface Sentence {
    /** The sentence; empty to say nothing. */
    String of(String name, Json reply);
  }

  /** The arguments of the request for a name. */
  @FunctionalInterface
  public interface ArgumentsOf {
    /** The arguments. */
    Json.Members of(String name);
  }

  /**
   * Asks for every name and tells each result.
   *
   * @return the outcome of the first name that failed
   */
  public Outcome run(List<String> names, ArgumentsOf arguments, Sentence sentence)
      throws IOException {
    Client client = invocation.session().client();
    Map<Long, String> underWay = new LinkedHashMap<>();
    Iterator<String> waiting = names.iterator();
    Results results = new Results(sentence);
    while (waiting.hasNext() || !underWay.isEmpty()) {
      while (waiting.hasNext() && underWay.size() < MOST_UNDER_WAY) {
        String name = waiting.next();
        if (invocation.session().interrupted()) {
          results.failed(
              name, Outcome.CANCELLED, "'" + verb + "' of guest '" + name + "' was not begun");
          continue;
        }
        Optional<Json.Members> asked = asked(name, arguments, results);
        if (asked.isPresent()) {
          underWay.put(client.send(verb, asked.get()), name);
        }
      }
      if (underWay.isEmpty()) {
        break;
      }
      Message message = client.receive();
      // Not a switch over types: see Json.of.
      if (message instanceof Message.Reply(long id, Json body)) {
        results.done(ended(underWay, id), body);
      } else if (message instanceof Message.Failure(long id, Outcome outcome, String text)) {
        results.failed(ended(underWay, id), outcome, text);
      } else if (message instanceof Message.Event(long id, Json body)) {
        Progress.show(invocation, underWay.getOrDefault(id, ""), body);
      } else {
        throw new ControlException(Outcome.FAILED, "the daemon answered out of turn");
      }
    }
    return results.finish();
  }

  /** One whose file cannot be read keeps no other from being told how it ended. */
  private static Optional<Json.Members> asked(String name, ArgumentsOf arguments, Results results) {
    try {
      return Optional.of(arguments.of(name));
    } catch (ControlException e) {
      results.failed(name, e.outcome(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static String ended(Map<Long, String> underWay, long id) {
    String name = underWay.remove(id);
    if (name == null) {
      throw new ControlException(Outcome.FAILED, "the daemon answered out of turn");
    }
    return name;
  }

  private final class Results {
    private final Sentence sentence;
    private final List<Json> all = new ArrayList<>();
    private Outcome outcome = Outcome.DONE;

    Results(Sentence sentence) {
      this.sentence = sentence;
    }

    void done(String name, Json body) {
      all.add(Json.object("name", name, "result", body));
      String said = sentence.of(name, body);
      if (!invocation.options().json() && !invocation.options().quiet() && !said.isEmpty()) {
        invocation.output().line(said);
      }
    }

    void failed(String name, Outcome failure, String text) {
      all.add(Json.object("name", name, "failure", failure.word(), "message", text));
      invocation.output().error(text);
      if (outcome == Outcome.DONE) {
        outcome = failure;
      }
    }

    Outcome finish() {
      if (invocation.options().json()) {
        invocation.output().json(new Json.Array(all));
      }
      return outcome;
    }
  }
}
