package launcher.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.JsonWriter;

/**
 * Where results and errors go: always UTF-8, whatever the locale says, so that a guest's name comes
 * out as it went in.
 */
public final class Output {
  private final PrintStream out;
  private final PrintStream error;

  /** An output to these streams. */
  public Output(PrintStream out, PrintStream error) {
    this.out = out;
    this.error = error;
  }

  static Output standard() {
    return new Output(stream(FileDescriptor.out), stream(FileDescriptor.err));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  /** Prints a line of result. */
  public void line(String line) {
    out.append(line).append('\n');
    out.flush();
  }

  /** Prints a text as it is. */
  public void text(String text) {
    out.append(text);
    out.flush();
  }

  /** Prints a JSON document, indented. */
  public void json(Json document) {
    line(JsonWriter.indented(document));
  }

  /** Prints one JSON value on one line, for results that come one by one. */
  public void jsonLine(Json value) {
    line(JsonWriter.line(value));
  }

  /** Says on standard error that something did not work. */
  public void error(String message) {
    error.append("error: ").append(message).append('\n');
    error.flush();
  }

  /** Says something on standard error that is no result: progress, a hint. */
  public void note(String message) {
    error.append(message);
    error.flush();
  }

  /** The JSON of a failure, as {@code --json} prints it. */
  public static Json failure(ControlException e) {
    return Json.object("failure", e.outcome().word(), "message", String.valueOf(e.getMessage()));
  }

  /** Whether a write failed: the reader has gone. */
  boolean isBroken() {
    return out.checkError();
  }
}
