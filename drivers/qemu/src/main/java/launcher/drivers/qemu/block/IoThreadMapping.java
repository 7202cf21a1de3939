package launcher.drivers.qemu.block;

import java.util.List;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.IoThreadQueues;

/** Which iothread serves which queues, as QEMU is told. */
public final class IoThreadMapping {
  private IoThreadMapping() {}

  /** The list for {@code iothread-vq-mapping}. */
  public static List<Props> of(List<IoThreadQueues> threads) {
    return threads.stream()
        .map(thread -> {
          Props entry = Props.of("iothread", "iothread" + thread.id());
          return thread.queues().isEmpty() ? entry : entry.put("vqs", thread.queues());
        })
        .toList();
  }
}
