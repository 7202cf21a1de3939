package launcher.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Outcome;

/**
 * One call of a verb: what was said, where to write, whom to ask.
 *
 * @param verb the verb
 * @param options what was said for every verb
 * @param values the verb's own options, a flag with no values
 * @param operands the words, by operand
 * @param output where results and errors go
 * @param session the way to the daemon
 */
public record Invocation(
    Verb verb,
    Options options,
    Map<String, List<String>> values,
    Map<String, List<String>> operands,
    Output output,
    Session session) {

  /** Whether that flag was given. */
  public boolean flag(String option) {
    return values.containsKey(option);
  }

  /** The value of that option, the last one if it was repeated. */
  public Optional<String> value(String option) {
    return Optional.ofNullable(values.get(option)).map(List::getLast);
  }

  /** All values of an option that may be repeated. */
  public List<String> values(String option) {
    return values.getOrDefault(option, List.of());
  }

  /**
   * The value of that option as a number of at least {@code minimum}.
   *
   * @throws ControlException when it is none
   */
  public Optional<Long> number(String option, long minimum) {
    return value(option).map(text -> Numbers.whole("--" + option, text, minimum));
  }

  /** The word of a required operand. */
  public String operand(String operand) {
    return findOperand(operand)
        .orElseThrow(() -> new ControlException(Outcome.USAGE, "'" + operand + "' is missing"));
  }

  /** The word of an operand, if it was given. */
  public Optional<String> findOperand(String operand) {
    return Optional.ofNullable(operands.get(operand)).map(List::getFirst);
  }

  /** The words of a repeated operand. */
  public List<String> operands(String operand) {
    return operands.getOrDefault(operand, List.of());
  }
}
