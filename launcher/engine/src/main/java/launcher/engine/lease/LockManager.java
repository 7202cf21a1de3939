package launcher.engine.lease;

import java.util.List;
import launcher.schemas.XmlElement;
import launcher.spawn.CommandSpec;

/** Keeps one disk from two writers. */
public interface LockManager {
  /** The word for it in the settings. */
  String name();

  /**
   * What a guest must hold before it runs.
   *
   * @param live the definition as it runs
   * @throws launcher.engine.EngineException when a disk cannot be looked at
   */
  List<DiskLease> leases(XmlElement live);

  /**
   * The command that takes and keeps them.
   *
   * @param guest name of the guest, for the words of a refusal
   */
  CommandSpec hold(CommandSpec command, List<DiskLease> leases, String guest);
}
