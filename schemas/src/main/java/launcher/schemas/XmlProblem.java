package launcher.schemas;

/**
 * One thing that is wrong in a document.
 *
 * @param file name of the document as the user knows it
 * @param line one-based, 0 where unknown
 * @param column one-based, 0 where unknown
 * @param message what is wrong and what was expected, without the place
 * @param severity whether the document is refused for it
 */
public record XmlProblem(String file, int line, int column, String message, Severity severity) {
  /** What a problem means for the document. */
  public enum Severity {
    /** The document is refused. */
    ERROR,
    /** The document is taken all the same. */
    WARNING
  }

  /** A problem for which the document is refused. */
  public XmlProblem(String file, int line, int column, String message) {
    this(file, line, column, message, Severity.ERROR);
  }

  /** A problem at an element of a file. */
  public static XmlProblem at(String file, XmlElement element, String message) {
    return new XmlProblem(file, element.line(), element.column(), message);
  }

  /** The same problem, survived. */
  public XmlProblem asWarning() {
    return new XmlProblem(file, line, column, message, Severity.WARNING);
  }

  /** Whether the document is refused for it. */
  public boolean refuses() {
    return severity == Severity.ERROR;
  }

  /** {@code guest.xml:12:34: message}. */
  @Override
  public String toString() {
    String place = line > 0 ? file + ":" + line + ":" + column : file;
    return place + ": " + (severity == Severity.WARNING ? "warning: " : "") + message;
  }
}
