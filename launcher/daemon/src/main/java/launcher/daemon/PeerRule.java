package launcher.daemon;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * The rule of DESIGN: root and the daemon's own user may do all; with a daemon of root, members of
 * the group {@code launcher} may manage, others may read if that is allowed.
 *
 * @param ownUid the daemon's user
 * @param group the name of the group whose members may manage
 * @param inGroup whether a peer belongs to it
 * @param othersMayRead whether anybody may look
 */
record PeerRule(int ownUid, String group, Predicate<Peer> inGroup, boolean othersMayRead)
    implements AccessRule {
  @Override
  public Optional<String> refusal(Peer peer, Access access) {
    if (peer.uid() == 0 || peer.uid() == ownUid) {
      return Optional.empty();
    }
    if (ownUid != 0) {
      return Optional.of("this daemon serves uid " + ownUid + " only");
    }
    if (inGroup.test(peer) || (access == Access.READ && othersMayRead)) {
      return Optional.empty();
    }
    return Optional.of("uid " + peer.uid() + " is not in the group '" + group + "'");
  }
}
