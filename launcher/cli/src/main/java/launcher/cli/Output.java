package launcher.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.JsonWriter;

/**
 * Where results and errors go: always UTF-8, whatever the locale says, so that a guest's name comes
 * out as it went in.
 */
public final class Output {
  private static final String READER_HAS_GONE = "Broken pipe";

  private final PrintStream out;
  private final PrintStream error;
  private final Supplier<String> whyNot;

  /** An output to these streams. */
  public Output(PrintStream out, PrintStream error) {
    this(out, error, () -> READER_HAS_GONE);
  }

  private Output(PrintStream out, PrintStream error, Supplier<String> whyNot) {
    this.out = out;
    this.error = error;
    this.whyNot = whyNot;
  }

  static Output standard() {
    Results results = new Results();
    return new Output(
        new PrintStream(results, false, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8),
        results::whyNot);
  }

  /** Standard output; a {@link PrintStream} knows that a write failed, and not why. */
  private static final class Results extends FileOutputStream {
    private String whyNot = READER_HAS_GONE;

    Results() {
      super(FileDescriptor.out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        super.write(bytes, offset, length);
      } catch (IOException e) {
        whyNot = String.valueOf(e.getMessage());
        throw e;
      }
    }

    String whyNot() {
      return whyNot;
    }
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

  /**
   * Whether a result was not written; says why, unless its reader has gone and knows (as in {@code
   * | head -1}).
   */
  boolean tellsFailure() {
    if (!out.checkError()) {
      return false;
    }
    if (!whyNot.get().equals(READER_HAS_GONE)) {
      error("the result could not be written: " + whyNot.get());
    }
    return true;
  }
}
