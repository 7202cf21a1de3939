package launcher.spawn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a program may not do, put on before it runs; null leaves a thing as it is.
 *
 * @param identity whom it runs as
 * @param capabilities its capability sets; a change of user to other than root without it drops
 *     them all
 * @param noNewPrivileges no set-user-id program or file capability below it (prctl(2)); blocks an
 *     SELinux label whose policy lacks nnp_transition
 * @param label SELinux or AppArmor label
 * @param landlock the only paths it reaches; null is no Landlock at all, empty is not one file
 * @param scoped signals to its own processes only, and no connection to abstract Unix sockets of
 *     others (landlock(7), Linux 6.12 and later; an older kernel leaves both as they are)
 * @param limits resource limits
 */
public record Confinement(
    @Nullable Identity identity,
    @Nullable CapabilitySets capabilities,
    boolean noNewPrivileges,
    @Nullable ExecLabel label,
    @Nullable List<LandlockRule> landlock,
    boolean scoped,
    List<ResourceLimit> limits) {
  /** As the spawning process. */
  public static final Confinement NONE =
      new Confinement(null, null, false, null, null, false, List.of());

  public Confinement {
    landlock = landlock == null ? null : List.copyOf(landlock);
    limits = List.copyOf(limits);
  }

  /** The same as another user. */
  public Confinement withIdentity(@Nullable Identity value) {
    return new Confinement(value, capabilities, noNewPrivileges, label, landlock, scoped, limits);
  }

  /** The same with exactly these capabilities. */
  public Confinement withCapabilities(@Nullable CapabilitySets value) {
    return new Confinement(identity, value, noNewPrivileges, label, landlock, scoped, limits);
  }

  /** The same without a way to more privileges. */
  public Confinement withNoNewPrivileges(boolean value) {
    return new Confinement(identity, capabilities, value, label, landlock, scoped, limits);
  }

  /** The same with a label. */
  public Confinement withLabel(@Nullable ExecLabel value) {
    return new Confinement(
        identity, capabilities, noNewPrivileges, value, landlock, scoped, limits);
  }

  /** The same with only these paths in reach. */
  public Confinement withLandlock(@Nullable List<LandlockRule> value) {
    return new Confinement(identity, capabilities, noNewPrivileges, label, value, scoped, limits);
  }

  /** The same out of reach of other programs, by signals and abstract sockets. */
  public Confinement withScope(boolean value) {
    return new Confinement(identity, capabilities, noNewPrivileges, label, landlock, value, limits);
  }

  /** The same with these limits. */
  public Confinement withLimits(List<ResourceLimit> value) {
    return new Confinement(identity, capabilities, noNewPrivileges, label, landlock, scoped, value);
  }
}
