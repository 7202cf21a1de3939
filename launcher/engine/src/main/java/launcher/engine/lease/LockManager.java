package launcher.engine.lease;

import java.util.List;
import launcher.drivers.plan.Plan;
import launcher.schemas.XmlElement;

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
   * Refuses what a guest asks of its leases and this manager does not do.
   *
   * @throws launcher.engine.EngineException naming it
   */
  default void check(XmlElement live) {
    // most of them have nothing to do when a lease is lost, since it cannot be
  }

  /**
   * What one device needs; empty for what is no disk and no lease.
   *
   * @throws launcher.engine.EngineException when a disk cannot be looked at
   */
  List<DiskLease> leases(String guest, XmlElement device);

  /**
   * The plan whose process takes and keeps them.
   *
   * @param guest name of the guest, for the words of a refusal
   */
  Plan hold(Plan plan, List<DiskLease> leases, String guest);

  /**
   * Gets a running guest a lease, which ends with it.
   *
   * @throws launcher.engine.EngineException naming who has it
   */
  void take(DiskLease lease, LeaseHolder holder);

  /** Gives a lease of a running guest back. */
  void release(DiskLease lease, LeaseHolder holder);
}
