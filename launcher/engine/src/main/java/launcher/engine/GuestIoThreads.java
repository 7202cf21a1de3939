package launcher.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import launcher.drivers.plan.MonitorStep.Pin.Threads;
import launcher.drivers.qemu.block.IoThreads;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException.Kind;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.run.DeviceMove.Subject;
import launcher.schemas.XmlElement;

/** The I/O threads of a QEMU guest: more, fewer, and how long they poll. */
public final class GuestIoThreads {
  private static final String NAME = "iothread";

  /** What may be set of one while it runs; virsh's names are QEMU's. */
  public static final List<String> SETTINGS =
      List.of("poll-max-ns", "poll-grow", "poll-shrink", "thread-pool-min", "thread-pool-max");

  private final Guest guest;
  private final ChangeActs acts;

  GuestIoThreads(Guest guest, Guests guests) {
    this.guest = guest;
    acts = new ChangeActs(guest, guests);
  }

  /**
   * Adds one.
   *
   * @param id its number, at least 1
   */
  public void add(long id, Scope scope) {
    if (id < 1 || id > Integer.MAX_VALUE) {
      throw new EngineException(
          Kind.INVALID,
          "an I/O thread has a number from 1 to " + Integer.MAX_VALUE + ", not " + id);
    }
    change(
        "iothreadadd",
        domain -> {
          if (IoThreads.of(domain).contains(id)) {
            throw new EngineException(
                Kind.EXISTS, "guest '" + guest.name() + "' has an I/O thread " + id + " already");
          }
        },
        domain -> {
          List<Long> all = new ArrayList<>(IoThreads.of(domain));
          all.add(id);
          write(domain, all);
        },
        () ->
            guest
                .qemu()
                .monitor()
                .ask(
                    "object-add",
                    Props.of("qom-type", NAME).put("id", NAME + id),
                    QemuMonitor.WORK),
        scope);
  }

  /** Takes one away that serves no disk. */
  public void remove(long id, Scope scope) {
    change(
        "iothreaddel",
        domain -> {
          refuseMissing(domain, id);
          refuseUsed(domain, id);
        },
        domain -> {
          List<Long> all = new ArrayList<>(IoThreads.of(domain));
          all.remove(id);
          write(domain, all);
          domain.child("cputune").map(t -> t.children("iothreadpin")).orElse(List.of()).stream()
              .filter(pin -> pin.is(NAME, Long.toString(id)))
              .forEach(XmlElement::detach);
        },
        () -> guest.qemu().monitor().ask("object-del", Props.of("id", NAME + id), QemuMonitor.WORK),
        scope);
  }

  private void change(
      String verb,
      Consumer<XmlElement> check,
      Consumer<XmlElement> write,
      Runnable live,
      Scope scope) {
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            verb,
            text -> {
              check.accept(acts.life().definition().completed());
              text.change(write);
            }),
        () -> {
          check.accept(acts.life().running().live());
          new AskedAgain(acts.life()).change(Subject.IO_THREADS, live);
        });
  }

  private void refuseMissing(XmlElement domain, long id) {
    if (!IoThreads.of(domain).contains(id)) {
      throw new EngineException(
          Kind.NOT_FOUND, "guest '" + guest.name() + "' has no I/O thread " + id);
    }
  }

  private void refuseUsed(XmlElement domain, long id) {
    for (XmlElement device : domain.child("devices").map(XmlElement::children).orElse(List.of())) {
      XmlElement driver = device.child("driver").orElse(device);
      boolean uses =
          driver.is(NAME, Long.toString(id))
              || driver.child("iothreads").map(t -> t.children(NAME)).orElse(List.of()).stream()
                  .anyMatch(thread -> thread.is("id", Long.toString(id)));
      if (uses) {
        String which = device.value("target/@dev", device.value("alias/@name", device.name()));
        throw new EngineException(
            Kind.WRONG_STATE,
            "I/O thread " + id + " of guest '" + guest.name() + "' serves '" + which + "'");
      }
    }
  }

  /** Numbers are written down only where counting would give others. */
  static void write(XmlElement domain, List<Long> all) {
    List<Long> sorted = all.stream().sorted().toList();
    boolean counted = sorted.isEmpty() || sorted.getLast() == sorted.size();
    if (sorted.isEmpty()) {
      domain.child("iothreads").ifPresent(XmlElement::detach);
    } else {
      TuneElement.of(domain, "iothreads").text(Integer.toString(sorted.size()));
    }
    if (domain.hasChild("iothreadids")) {
      XmlElement ids = domain.childOrAdd("iothreadids");
      ids.children(NAME).stream()
          .filter(thread -> sorted.stream().noneMatch(id -> thread.is("id", id.toString())))
          .forEach(XmlElement::detach);
      if (sorted.isEmpty()) {
        ids.detach();
      }
    }
    if (!sorted.isEmpty() && (!counted || domain.hasChild("iothreadids"))) {
      XmlElement ids = TuneElement.of(domain, "iothreadids");
      for (Long id : sorted) {
        if (ids.children(NAME).stream().noneMatch(t -> t.is("id", id.toString()))) {
          ids.add(NAME).set("id", id);
        }
      }
    }
  }

  /**
   * Changes how one works while the guest runs; its definition stays.
   *
   * @param values by a name of {@link #SETTINGS}
   */
  public void set(long id, Map<String, Long> values) {
    acts.carryOut(
        new Scope(true, false),
        new ChangeActs.Change("iothreadset", text -> {}),
        () -> {
          refuseMissing(acts.life().running().live(), id);
          values.forEach((name, value) -> property(id, name, value));
        });
  }

  private void property(long id, String name, long value) {
    Props change =
        Props.of("path", "/objects/" + NAME + id).put("property", name).put("value", value);
    guest.qemu().monitor().ask("qom-set", change, QemuMonitor.WORK);
  }

  /**
   * What they do now.
   *
   * @return for each, by its number, QEMU's own names and values
   */
  public Map<Long, Map<String, Long>> running() {
    Map<Long, Map<String, Long>> all = new TreeMap<>();
    JsonObject answer =
        guest.qemu().monitor().answer("query-iothreads", Props.empty(), QemuMonitor.QUESTION);
    for (JsonObject thread : answer.objects("return")) {
      String id = thread.string("id", "");
      if (id.matches(NAME + "[0-9]{1,9}")) {
        Map<String, Long> values = new LinkedHashMap<>();
        for (String name : List.of("poll-max-ns", "poll-grow", "poll-shrink")) {
          values.put(name, thread.number(name, 0));
        }
        all.put(Long.valueOf(id.substring(NAME.length())), values);
      }
    }
    return all;
  }

  /** Where each may run, see {@link GuestThreads#pins}. */
  public Map<Long, String> pins(boolean live) {
    return guest.threads().pins(Threads.IO_THREAD, live);
  }
}
