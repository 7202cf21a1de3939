package launcher.engine.guest;

import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.Grants;
import launcher.engine.run.RunRecord;
import launcher.engine.run.Workspace;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;

/** What runs guests of some types: the driver that plans, and the talk with what runs. */
public interface Hypervisor {
  /** Whether it runs domains of this type: {@code qemu}, {@code lxc} … */
  boolean drives(String domainType);

  /** Whether its guests have control groups of their own, made by whoever runs them. */
  default boolean ownGroups() {
    return false;
  }

  /**
   * Completes a definition.
   *
   * @param file name of the document, for problems
   * @param tree as the user wrote it, with a UUID; changed in place
   * @param previous the completed definition it replaces: what did not change keeps its addresses
   * @param validate whether what the schema does not know refuses the definition
   * @return warnings
   * @throws launcher.engine.EngineException with every problem when it is refused
   */
  List<XmlProblem> complete(
      String file, XmlElement tree, Optional<XmlElement> previous, boolean validate);

  /**
   * Plans one start.
   *
   * @param completed the definition; not changed
   * @throws launcher.engine.EngineException when it cannot be started here
   */
  Launch launch(XmlElement completed, Grants grants, LaunchOptions options);

  /**
   * Takes hold of a running guest, just started or found.
   *
   * @param workspace of its start, with the monitor; empty when it was found
   */
  Running attach(
      RunRecord record, XmlElement live, Optional<Workspace> workspace, RunListener listener);
}
