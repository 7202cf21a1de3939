package launcher.drivers.qemu.machine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Threads: scheduling one by one, ids of I/O threads. */
public final class TuneCompletion {
  /** One form for each value, before anything else looks at them. */
  public static final List<DraftRule> FORMS = CanonicalTuning.RULES;

  /** The rules, in their order. */
  public static final List<DraftRule> RULES =
      List.of(TuneCompletion::schedulers, TuneCompletion::ioThreads);

  private TuneCompletion() {}

  private static void schedulers(Draft draft) {
    draft
        .domain()
        .child("cputune")
        .ifPresent(t -> {
          split(t, "vcpusched", "vcpus");
          split(t, "iothreadsched", "iothreads");
        });
  }

  /** One element a thread, in the order of their numbers. */
  private static void split(XmlElement tune, String name, String attribute) {
    List<XmlElement> single = new ArrayList<>();
    for (XmlElement element : tune.children(name)) {
      CpuSet.parse(element.attribute(attribute, "")).stream()
          .limit(TuneRefusals.MOST_THREADS)
          .forEach(n -> single.add(element.copy().set(attribute, n)));
      element.detach();
    }
    single.sort((a, b) ->
        Long.compare(
            Numbers.parse(a.attribute(attribute, "")).orElse(0),
            Numbers.parse(b.attribute(attribute, "")).orElse(0)));
    single.forEach(tune::add);
  }

  /** {@code <iothreads>} counts; threads without an id get the lowest free ones. */
  private static void ioThreads(Draft draft) {
    XmlElement domain = draft.domain();
    long count = Numbers.parse(domain.value("iothreads", "")).orElse(0);
    List<XmlElement> named =
        domain.child("iothreadids").map(i -> i.children("iothread")).orElse(List.of());
    if (named.isEmpty() && count == 0) {
      domain.child("iothreads").ifPresent(XmlElement::detach);
    }
    if (named.size() > count) {
      domain.childOrAdd("iothreads").text(Integer.toString(named.size()));
    }
    if (!named.isEmpty()) {
      number(draft);
    }
  }

  /** Gives every I/O thread an id; without {@code <iothreadids>} that is done at each start. */
  public static void number(Draft draft) {
    XmlElement domain = draft.domain();
    long count = Numbers.parse(domain.value("iothreads", "")).orElse(0);
    if (count <= 0 || count > TuneRefusals.MOST_THREADS) {
      return; // too many are refused
    }
    Set<Long> taken = new HashSet<>();
    XmlElement ids = domain.childOrAdd("iothreadids");
    for (XmlElement named : ids.children("iothread")) {
      taken.add(Numbers.parse(named.attribute("id", "")).orElse(0));
    }
    for (long id = 1; ids.children("iothread").size() < count; id++) {
      if (taken.add(id)) {
        ids.add("iothread").set("id", id);
      }
    }
  }
}
