package launcher.cli;

import java.util.List;

/**
 * Verbs that belong together, in one small class. A family is made at every start of the command,
 * its verbs only when asked for: {@link #verb} is a {@code switch} over the name.
 */
public interface VerbFamily {
  /** The heading in the help. */
  String title();

  /** The names of its verbs, in the order of the help. */
  List<String> names();

  /** The verb of that name, which is one of {@link #names}. */
  Verb verb(String name);
}
