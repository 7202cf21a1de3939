package launcher.engine.lease;

import java.util.List;
import launcher.drivers.plan.Plan;
import launcher.schemas.XmlElement;

/** For hosts where something else keeps disks apart, and for nobody else. */
public final class NoLockManager implements LockManager {
  @Override
  public String name() {
    return "none";
  }

  @Override
  public List<DiskLease> leases(XmlElement live) {
    return List.of();
  }

  @Override
  public List<DiskLease> leases(String guest, XmlElement device) {
    return List.of();
  }

  @Override
  public Plan hold(Plan plan, List<DiskLease> leases, String guest) {
    return plan;
  }

  @Override
  public void take(DiskLease lease, LeaseHolder holder) {
    // nobody is asked
  }

  @Override
  public void release(DiskLease lease, LeaseHolder holder) {
    // nothing was taken
  }
}
