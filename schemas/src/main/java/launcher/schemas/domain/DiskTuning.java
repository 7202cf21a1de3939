package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlElement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <iotune>}, also {@code <throttlegroup>}: limits of a disk's traffic. */
public final class DiskTuning extends ModelElement {
  @XmlElement(name = "group_name")
  private @Nullable String groupName;

  private DiskTuning() {}

  /** Name of the limits that several disks share. */
  public Optional<String> group() {
    return Optional.ofNullable(groupName);
  }

  /** The limits by their names in the XML: {@code total_bytes_sec} … */
  public Map<String, Long> limits() {
    Map<String, Long> limits = new LinkedHashMap<>();
    for (launcher.schemas.XmlElement limit : element().children()) {
      Numbers.parse(limit.text()).ifPresent(value -> limits.put(limit.name(), value));
    }
    limits.remove("group_name");
    limits.remove("throttle_group_name");
    return limits;
  }
}
