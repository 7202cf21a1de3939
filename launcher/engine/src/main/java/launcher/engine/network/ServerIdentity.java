package launcher.engine.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import launcher.spawn.Accounts;
import launcher.spawn.Identity;

/** Whom dnsmasq runs as. */
final class ServerIdentity {
  private static final Identity ROOT = new Identity(0, 0);

  private ServerIdentity() {}

  /**
   * The user {@code dnsmasq}, else {@code nobody}; root, with no more than its three capabilities,
   * when that user could not even reach the folder of its files.
   *
   * @param folder of dnsmasq's files
   */
  static Identity choose(Path folder) {
    if (!reachable(folder)) {
      return ROOT;
    }
    return account("dnsmasq", "dnsmasq")
        .or(() -> account("dnsmasq", "nogroup"))
        .or(() -> account("nobody", "nogroup"))
        .or(() -> account("nobody", "nobody"))
        .orElse(ROOT);
  }

  private static Optional<Identity> account(String user, String group) {
    return Accounts.user(user)
        .flatMap(uid -> Accounts.group(group).map(gid -> new Identity(uid, gid)));
  }

  private static boolean reachable(Path folder) {
    for (Path at = folder; at != null; at = at.getParent()) {
      try {
        if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return false;
        }
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
