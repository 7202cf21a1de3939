package launcher.cli;

import java.io.IOException;
import java.util.function.Consumer;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Message;
import launcher.control.Outcome;

/** Listens to the daemon and prints: one event, or with {@code --loop} every one until the end. */
final class EventLoop {
  private EventLoop() {}

  /**
   * What was heard.
   *
   * @param count of events
   * @param timedOut whether the time was over
   */
  record Heard(int count, boolean timedOut) {}

  /**
   * Listens.
   *
   * @param verb of the daemon
   * @param which events
   * @param words of an event for people; with {@code --json} it is printed as it is
   */
  static Heard run(Invocation in, String verb, Members which, Consumer<Members> words)
      throws IOException {
    Client client = in.session().client();
    client.send(verb, which);
    int count = 0;
    while (true) {
      switch (client.receive()) {
        case Message.Event(long _, Json body) -> {
          Members event = Requests.members(body);
          if (in.options().json()) {
            in.output().jsonLine(event);
          } else {
            words.accept(event);
          }
          count++;
          if (!in.flag("loop")) {
            return new Heard(count, false);
          }
        }
        case Message.Reply _ -> {
          return new Heard(count, true);
        }
        case Message.Failure(long _, Outcome outcome, String text) ->
            throw new ControlException(outcome, text);
        case Message.Greeting _, Message.Request _, Message.Cancel _, Message.Stream _ ->
            throw new ControlException(Outcome.FAILED, "the daemon answered out of turn");
      }
    }
  }

  /** An event for people, as virsh has it. */
  static void print(Invocation in, Members event, String subject, String member) {
    String time = in.flag("timestamp") ? Requests.cell(event, "at", "") + ": " : "";
    in.output()
        .line(
            "%sevent '%s' for %s '%s': %s"
                .formatted(
                    time,
                    Requests.cell(event, "kind", "?"),
                    subject,
                    Table.printable(Requests.cell(event, member, "?")),
                    Table.printable(Requests.cell(event, "detail", ""))));
  }
}
