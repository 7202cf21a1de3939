package launcher.drivers.qemu.block;

import java.util.Set;
import java.util.TreeSet;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** The I/O threads that a definition has, by their ids. */
public final class IoThreads {
  private IoThreads() {}

  /**
   * Those named in {@code <iothreadids>}, and as many more, with the lowest free ids, as counted;
   * in their order.
   */
  public static Set<Long> of(XmlElement domain) {
    Set<Long> ids = new TreeSet<>();
    domain
        .child("iothreadids")
        .ifPresent(all -> {
          for (XmlElement thread : all.children("iothread")) {
            ids.add(Numbers.parse(thread.attribute("id", "")).orElse(0));
          }
        });
    long count = Math.min(Numbers.parse(domain.value("iothreads", "")).orElse(0), 4096);
    for (long id = 1; ids.size() < count; id++) {
      ids.add(id);
    }
    return ids;
  }
}
