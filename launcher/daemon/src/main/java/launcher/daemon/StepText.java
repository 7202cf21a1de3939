package launcher.daemon;

import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.StringJoiner;
import launcher.drivers.plan.Step;
import org.jspecify.annotations.Nullable;

/**
 * A step of a plan as people read it: what is done to what, with its details, and below it the text
 * of a file that is written.
 */
final class StepText {
  private StepText() {}

  /** Whole lines, each indented by two blanks or more. */
  static String of(Step step) {
    StringJoiner details = new StringJoiner(", ", " (", ")").setEmptyValue("");
    StringBuilder block = new StringBuilder();
    for (RecordComponent component : step.getClass().getRecordComponents()) {
      String value = words(value(step, component));
      if (value.isEmpty()) {
        continue;
      }
      if (value.contains("\n")) {
        value.lines().forEach(line -> block.append("    ").append(line).append('\n'));
      } else if (!value.equals(step.object()) && !step.name().contains(value)) {
        details.add(detail(component.getName(), value));
      }
    }
    return "  " + step.words() + details + '\n' + block;
  }

  /** Nothing, where the step leaves something out. */
  private static String words(@Nullable Object value) {
    return value instanceof Optional<?> maybe
        ? maybe.map(String::valueOf).orElse("")
        : String.valueOf(value);
  }

  private static String detail(String name, String value) {
    return name.equals("permissions")
        ? "mode 0" + Integer.toOctalString(Integer.parseInt(value))
        : name + " " + value;
  }

  private static Object value(Step step, RecordComponent component) {
    try {
      return component.getAccessor().invoke(step);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Accessors of public records are public", e);
    }
  }
}
