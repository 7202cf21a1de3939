package launcher.drivers.qemu.block;

import java.util.List;
import launcher.drivers.qemu.draft.DraftRule;

/** The rules of this package, in the order of the pipeline's sections. */
public final class DiskRules {
  /** What a disk leaves unsaid. */
  public static final List<DraftRule> COMPLETION =
      List.of(DiskRefusals::checkNames, DiskCompletion::complete);

  /** Disks that cannot be. */
  public static final List<DraftRule> REFUSALS =
      List.of(
          DiskRefusals::check,
          DriveRefusals::check,
          VhostDiskRefusals::check,
          IoThreadRefusals::check,
          ThrottleRefusals::check,
          SourceRefusals::check,
          SourceRefusals::checkVariables,
          ImageRefusals::check);

  /** What is decided at each start. */
  public static final List<DraftRule> PREPARATION =
      List.of(
          Volumes::resolve, NetworkCompletion::secure, TransientRefusal::check, BootOrder::prepare);

  private DiskRules() {}
}
