package launcher.drivers.plan;

import java.util.ArrayList;
import java.util.List;
import launcher.spawn.CommandSpec;

/**
 * What starting a guest or a network means, as plain data: a driver makes it, the engine's plan
 * runner carries it out, and it never changes.
 *
 * @param prepare before there is a process: folders, files, sockets, taps
 * @param command the one process; its pid is known and it is held when {@code whileHeld} begins
 * @param whileHeld while the process is dressed and waits: leases in its name, control groups
 * @param afterStart when the program runs: monitor handshake, link state, continue
 */
public record Plan(
    List<Step> prepare, CommandSpec command, List<Step> whileHeld, List<Step> afterStart) {
  public Plan {
    prepare = List.copyOf(prepare);
    whileHeld = List.copyOf(whileHeld);
    afterStart = List.copyOf(afterStart);
  }

  /** Every step in the order it is taken. */
  public List<Step> steps() {
    List<Step> all = new ArrayList<>(prepare);
    all.addAll(whileHeld);
    all.addAll(afterStart);
    return List.copyOf(all);
  }

  /** The same plan with more steps before the process exists. */
  public Plan preparing(List<? extends Step> more) {
    List<Step> all = new ArrayList<>(prepare);
    all.addAll(more);
    return new Plan(all, command, whileHeld, afterStart);
  }

  /** The same plan with more steps while the process is held. */
  public Plan holding(List<? extends Step> more) {
    List<Step> all = new ArrayList<>(whileHeld);
    all.addAll(more);
    return new Plan(prepare, command, all, afterStart);
  }

  /** The same plan with another command. */
  public Plan with(CommandSpec changed) {
    return new Plan(prepare, changed, whileHeld, afterStart);
  }
}
