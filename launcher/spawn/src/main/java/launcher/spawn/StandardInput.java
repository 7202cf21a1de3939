package launcher.spawn;

/** Where a program's standard input comes from. */
public sealed interface StandardInput {
  /** {@code /dev/null}. */
  record Null() implements StandardInput {}

  /** A file or an open descriptor. */
  record From(Descriptor descriptor) implements StandardInput {}

  /** These bytes, then end of file; a program that does not read them all is no error. */
  record Fed(Bytes bytes) implements StandardInput {}

  /** A pipe whose other end is {@link Child#input()}. */
  record Piped() implements StandardInput {}
}
