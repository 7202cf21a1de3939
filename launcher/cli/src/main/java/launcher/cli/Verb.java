package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.control.Outcome;

/** One verb of the command: its words and what it does. Made only when it is asked for. */
public final class Verb {

  /** What a verb does. */
  @FunctionalInterface
  public interface Action {
    /**
     * Carries the verb out.
     *
     * @throws launcher.control.ControlException with the message for the user when it did not work
     */
    Outcome run(Invocation invocation) throws IOException;
  }

  private final String name;
  private final String summary;
  private final Action action;
  private final List<Operand> operands = new ArrayList<>();
  private final List<Option> options = new ArrayList<>();
  private boolean cancels;

  /** A verb without operands and options. */
  public Verb(String name, String summary, Action action) {
    this.name = name;
    this.summary = summary;
    this.action = action;
  }

  /** Adds an operand that must be given. */
  public Verb operand(String operand) {
    operands.add(new Operand(operand, true, false));
    return this;
  }

  /** Adds an operand that may be left out. */
  public Verb optionalOperand(String operand) {
    operands.add(new Operand(operand, false, false));
    return this;
  }

  /** Adds the last operand: one or more words. */
  public Verb operands(String operand) {
    operands.add(new Operand(operand, true, true));
    return this;
  }

  /** Adds the last operand: any number of words, also none. */
  public Verb optionalOperands(String operand) {
    operands.add(new Operand(operand, false, true));
    return this;
  }

  /** Adds an option without a value. */
  public Verb flag(String option, String meaning) {
    options.add(new Option(option, Optional.empty(), meaning));
    return this;
  }

  /** Adds an option with a value, called {@code value} in the help; it may be repeated. */
  public Verb option(String option, String value, String meaning) {
    options.add(new Option(option, Optional.of(value), meaning));
    return this;
  }

  /** It takes long, and ^C gives it up; see {@link Interruption}. */
  Verb cancels() {
    cancels = true;
    return this;
  }

  /** The word on the command line. */
  public String name() {
    return name;
  }

  /** One line of help. */
  public String summary() {
    return summary;
  }

  /** Its operands in order. */
  public List<Operand> operands() {
    return List.copyOf(operands);
  }

  /** Its own options; the ones of every verb are {@link Options}'. */
  public List<Option> options() {
    return List.copyOf(options);
  }

  Outcome run(Invocation invocation) throws IOException {
    if (cancels) {
      Interruption.listen(invocation.session(), invocation.output());
    }
    return action.run(invocation);
  }
}
