package launcher.daemon;

import java.util.Optional;

/** Decides who may do what. */
public interface AccessRule {
  /** Why the peer may not do that; empty when it may. */
  Optional<String> refusal(Peer peer, Access access);
}
