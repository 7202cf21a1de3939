package launcher.control;

import launcher.control.Json.Members;

/**
 * One line on the socket, a JSON object. The daemon speaks first ({@link Greeting}); a client that
 * hangs up or is hung up on before it has seen the greeting knows that nothing of its request was
 * read. A client may have several requests under way on one connection, told apart by their ids;
 * each ends in exactly one {@link Reply} or {@link Failure}, after any number of {@link Event}s. A
 * {@link Stream} ends a request too: from the byte after its line break on, the connection carries
 * raw bytes both ways (a console) and no more messages. A {@link Cancel} is no request and has no
 * answer of its own: what is given up for it ends in its Failure.
 */
public sealed interface Message {
  /** The version of this protocol; a daemon serves exactly one and says which in its greeting. */
  int VERSION = 1;

  /**
   * The daemon's first line. Every version of the protocol has it, with these members.
   *
   * @param protocol the version that the daemon speaks
   * @param program the version of the daemon's program
   * @param restart the command that ends this daemon, for a person whose command is another version
   */
  record Greeting(int protocol, String program, String restart) implements Message {
    @Override
    public Members toJson() {
      return Json.object("launcher", protocol, "program", program, "restart", restart);
    }
  }

  /** A client's wish. */
  record Request(long id, String verb, Members arguments) implements Message {
    @Override
    public Members toJson() {
      return Json.object("id", id, "verb", verb, "arguments", arguments);
    }
  }

  /**
   * A client wants nothing any more of what it has asked for on this connection. What can be given
   * up half-way is, and ends as {@link Outcome#CANCELLED}; the rest goes on to its end.
   */
  record Cancel() implements Message {
    @Override
    public Members toJson() {
      return Json.object("id", 0, "cancel", true);
    }
  }

  /** The good end of a request. */
  record Reply(long id, Json body) implements Message {
    @Override
    public Members toJson() {
      return Json.object("id", id, "reply", body);
    }
  }

  /** The bad end of a request. */
  record Failure(long id, Outcome outcome, String text) implements Message {
    @Override
    public Members toJson() {
      return Json.object("id", id, "failure", outcome.word(), "message", text);
    }
  }

  /** Something on the way: progress, or what a listener listens for. */
  record Event(long id, Json body) implements Message {
    @Override
    public Members toJson() {
      return Json.object("id", id, "event", body);
    }
  }

  /** The request is granted and the connection is now a stream of bytes. */
  record Stream(long id, Json body) implements Message {
    @Override
    public Members toJson() {
      return Json.object("id", id, "stream", body);
    }
  }

  /** The JSON of this message. */
  Members toJson();

  /**
   * The message of a line.
   *
   * @throws ControlException when it is none
   */
  static Message of(Json json) {
    if (!(json instanceof Members line)) {
      throw new ControlException(Outcome.USAGE, "a message is a JSON object");
    }
    if (line.members().containsKey("launcher")) {
      int protocol = line.findWhole("launcher").orElse(0L).intValue();
      return new Greeting(
          protocol, line.findText("program").orElse("?"), line.findText("restart").orElse(""));
    }
    long id =
        line.findWhole("id")
            .orElseThrow(() -> new ControlException(Outcome.USAGE, "a message has an id"));
    if (line.members().containsKey("verb")) {
      return new Request(id, line.text("verb"), line.object("arguments"));
    }
    return line.isTrue("cancel") ? new Cancel() : answer(id, line);
  }

  private static Message answer(long id, Members line) {
    if (line.members().containsKey("failure")) {
      Outcome outcome = Outcome.of(line.text("failure")).orElse(Outcome.FAILED);
      return new Failure(id, outcome, line.findText("message").orElse(""));
    }
    Json body = line.members().get("reply");
    if (body != null) {
      return new Reply(id, body);
    }
    body = line.members().get("event");
    if (body != null) {
      return new Event(id, body);
    }
    body = line.members().get("stream");
    if (body != null) {
      return new Stream(id, body);
    }
    // An answer whose body is null is an empty one: object() leaves null members out.
    return new Reply(id, Json.object());
  }
}
