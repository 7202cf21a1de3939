package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code <iothread id=>} with its {@code <queue id=>}s: which thread serves which queues. */
public final class IoThreadQueues {
  @XmlAttribute private @Nullable Integer id;

  @XmlElement(name = "queue")
  private final List<Queue> queues = new ArrayList<>();

  private IoThreadQueues() {}

  /** Number of the thread. */
  public int id() {
    return id == null ? 0 : id;
  }

  /** Numbers of the queues; none where QEMU deals them out. */
  public List<Integer> queues() {
    return queues.stream().map(q -> q.id == null ? 0 : q.id).toList();
  }

  static final class Queue {
    @XmlAttribute private @Nullable Integer id;
  }
}
