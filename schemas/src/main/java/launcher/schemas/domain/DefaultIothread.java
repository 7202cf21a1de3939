package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <defaultiothread>}: the main loop's workers. */
public final class DefaultIothread extends ModelElement {
  @XmlAttribute(name = "thread_pool_min")
  private @Nullable String threadPoolMin;

  @XmlAttribute(name = "thread_pool_max")
  private @Nullable String threadPoolMax;

  private DefaultIothread() {}

  /** Fewest workers. */
  public OptionalLong threadPoolMin() {
    return Numbers.parse(threadPoolMin);
  }

  /** Most workers. */
  public OptionalLong threadPoolMax() {
    return Numbers.parse(threadPoolMax);
  }
}
