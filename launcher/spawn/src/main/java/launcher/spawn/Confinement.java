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
 * @param withoutTcp no TCP socket is bound or connected (landlock(7), Linux 6.7 and later; an older
 *     kernel leaves it as it is); one that it was given stays as useful as it was
 * @param limits resource limits
 */
public record Confinement(
    @Nullable Identity identity,
    @Nullable CapabilitySets capabilities,
    boolean noNewPrivileges,
    @Nullable ExecLabel label,
    @Nullable List<LandlockRule> landlock,
    boolean scoped,
    boolean withoutTcp,
    List<ResourceLimit> limits) {
  /** As the spawning process. */
  public static final Confinement NONE =
      new Confinement(null, null, false, null, null, false, false, List.of());

  public Confinement {
    landlock = landlock == null ? null : List.copyOf(landlock);
    limits = List.copyOf(limits);
  }

  /** The same as another user. */
  public Confinement withIdentity(@Nullable Identity value) {
    return new Confinement(
        value, capabilities, noNewPrivileges, label, landlock, scoped, withoutTcp, limits);
  }

  /** The same with exactly these capabilities. */
  public Confinement withCapabilities(@Nullable CapabilitySets value) {
    return new Confinement(
        identity, value, noNewPrivileges, label, landlock, scoped, withoutTcp, limits);
  }

  /** The same without a way to more privileges. */
  public Confinement withNoNewPrivileges(boolean value) {
    return new Confinement(
        identity, capabilities, value, label, landlock, scoped, withoutTcp, limits);
  }

  /** The same with a label. */
  public Confinement withLabel(@Nullable ExecLabel value) {
    return new Confinement(
        identity, capabilities, noNewPrivileges, value, landlock, scoped, withoutTcp, limits);
  }

  /** The same with only these paths in reach. */
  public Confinement withLandlock(@Nullable List<LandlockRule> value) {
    return new Confinement(
        identity, capabilities, noNewPrivileges, label, value, scoped, withoutTcp, limits);
  }

  /** The same out of reach of other programs, by signals and abstract sockets. */
  public Confinement withScope(boolean value) {
    return new Confinement(
        identity, capabilities, noNewPrivileges, label, landlock, value, withoutTcp, limits);
  }

  /** The same that binds and connects no TCP socket. */
  public Confinement withoutTcp(boolean value) {
    return new Confinement(
        identity, capabilities, noNewPrivileges, label, landlock, scoped, value, limits);
  }

  /** The same with these limits. */
  public Confinement withLimits(List<ResourceLimit> value) {
    return new Confinement(
        identity, capabilities, noNewPrivileges, label, landlock, scoped, withoutTcp, value);
  }
}
