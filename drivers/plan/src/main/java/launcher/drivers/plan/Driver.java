package launcher.drivers.plan;

/**
 * Turns a model into a plan. A driver computes and touches nothing: no file, process, clock,
 * environment or chance; the same input gives the same plan.
 *
 * @param <M> what it plans: a domain, a network
 */
public interface Driver<M> {
  /**
   * Plans the start.
   *
   * @param model completed, as its store holds it
   * @param facts what the host is
   * @param grants what the engine has set aside for this one start
   */
  Plan plan(M model, HostFacts facts, Grants grants);
}
