package launcher.drivers.qemu.capabilities;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A QMP channel on which questions are asked: a live QEMU or a recorded conversation. */
@FunctionalInterface
public interface QmpExchange {
  /**
   * Asks and waits for the answer.
   *
   * @param command name of the QMP command
   * @param arguments its arguments: texts, numbers, truths and maps of them
   * @return what stands in {@code return}; empty when QEMU answers with an error
   */
  Optional<Object> ask(String command, Map<String, @Nullable Object> arguments);
}
