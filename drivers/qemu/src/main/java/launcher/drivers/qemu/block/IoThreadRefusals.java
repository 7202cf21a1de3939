package launcher.drivers.qemu.block;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** I/O threads that a device cannot use: one that is not there, or queues given out badly. */
public final class IoThreadRefusals {
  private IoThreadRefusals() {}

  static void check(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      XmlElement driver = disk.child("driver").orElse(XmlElement.of("driver"));
      if (driver.has("iothread") && driver.hasChild("iothreads")) {
        draft.refuse(disk, "a disk has either one 'iothread' or a mapping to <iothreads>");
      }
      driver.attribute("iothread").ifPresent(id -> known(draft, disk, id, "disk"));
      mapping(draft, driver, Numbers.parse(driver.attribute("queues", "")), "disk");
    }
  }

  /** Whether there is the thread that a device names. */
  public static void known(Draft draft, XmlElement at, String id, String what) {
    if (!IoThreads.of(draft.domain()).contains(Numbers.parse(id).orElse(0))) {
      draft.refuse(at, "%s iothread '%s' not defined in iothreadid".formatted(what, id));
    }
  }

  /** Which thread serves which queue: all queues are named, or none. */
  public static void mapping(Draft draft, XmlElement driver, OptionalLong queues, String what) {
    List<XmlElement> threads =
        driver.child("iothreads").map(i -> i.children("iothread")).orElse(List.of());
    Set<String> ids = new HashSet<>();
    for (XmlElement thread : threads) {
      String id = thread.attribute("id", "");
      known(draft, thread, id, what);
      if (!ids.add(id)) {
        draft.refuse(thread, "duplicate mapping for iothread '%s'".formatted(id));
      }
    }
    long named = threads.stream().filter(t -> t.hasChild("queue")).count();
    if (named == 0) {
      return;
    }
    if (named < threads.size()) {
      draft.refuse(driver, "queues must be mapped for all iothreads or for none");
    } else if (queues.isEmpty()) {
      draft.refuse(driver, "'queues' must be given where iothreads are mapped to queues");
    } else {
      queues(draft, driver, threads, Math.min(queues.getAsLong(), 4096));
    }
  }

  private static void queues(Draft draft, XmlElement driver, List<XmlElement> threads, long count) {
    Set<Long> seen = new HashSet<>();
    for (XmlElement thread : threads) {
      for (XmlElement queue : thread.children("queue")) {
        long id = Numbers.parse(queue.attribute("id", "")).orElse(0);
        if (id >= count) {
          draft.refuse(queue, "iothread queue '%d' is not below the count of queues".formatted(id));
        } else if (!seen.add(id)) {
          draft.refuse(queue, "iothread queue '%d' is already assigned".formatted(id));
        }
      }
    }
    for (long id = 0; id < count; id++) {
      if (!seen.contains(id)) {
        draft.refuse(driver, "missing iothread mapping for queue '%d'".formatted(id));
        return;
      }
    }
  }
}
