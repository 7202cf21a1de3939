package launcher.daemon;

/** What a verb does, for the decision who may call it. */
public enum Access {
  /** It only looks. */
  READ,
  /** It changes something, or shows what only a manager may see (a console, a secret). */
  MANAGE
}
