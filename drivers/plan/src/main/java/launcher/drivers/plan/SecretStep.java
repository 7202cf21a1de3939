package launcher.drivers.plan;

import java.nio.file.Path;
import java.util.List;

/** Steps with secrets. A plan holds their names, never what they are. */
public sealed interface SecretStep extends Step {
  /**
   * Makes the guest's master key, and seals secrets with it: in the command, {@code $secret:NAME$}
   * becomes the sealed secret and {@code $secret-iv:NAME$} the vector it was sealed with.
   *
   * @param key file of the key: 32 random bytes, for this start only
   * @param names UUIDs, {@code usage:TYPE:USAGE}, or {@code text:} and the secret itself
   */
  record Seal(Path key, List<String> names) implements SecretStep {
    public Seal {
      names = List.copyOf(names);
    }

    @Override
    public String name() {
      return "seal secrets";
    }

    @Override
    public String object() {
      return key.toString();
    }

    @Override
    public String undo() {
      return "remove key";
    }
  }
}
