package launcher.drivers.qemu.hostdev;

import java.util.List;
import launcher.drivers.qemu.draft.DraftRule;

/** The rules of this package, in the order of the pipeline's sections. */
public final class HostdevRules {
  /** What a host device leaves unsaid. */
  public static final List<DraftRule> COMPLETION = List.of(HostdevCompletion::complete);

  /** Host devices that cannot be. */
  public static final List<DraftRule> REFUSALS = List.of(HostdevRefusals::check);

  /** What must be known of the host to start a guest. */
  public static final List<DraftRule> PREPARATION = List.of(ScsiPresence::check);

  private HostdevRules() {}
}
