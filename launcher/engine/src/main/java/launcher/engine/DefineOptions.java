package launcher.engine;

/**
 * How a definition is taken.
 *
 * @param file name of the document, for problems
 * @param validate whether what the schema does not know refuses it; else it is warned of
 */
public record DefineOptions(String file, boolean validate) {
  /** Everything unknown refuses it. */
  public static final DefineOptions STRICT = new DefineOptions("guest.xml", true);
}
