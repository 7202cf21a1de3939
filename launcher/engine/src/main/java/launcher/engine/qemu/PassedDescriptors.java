package launcher.engine.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import launcher.drivers.plan.LinkStep;
import launcher.drivers.qemu.command.CommandLine.PassedDescriptor;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.drivers.qemu.start.QemuDriver;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.network.GuestLinks;
import launcher.engine.qmp.EventRelay;
import launcher.engine.run.Workspace;
import launcher.engine.store.OpenFile;
import launcher.spawn.Spawner;

/**
 * Descriptors of a device that is plugged into a running QEMU: what its command would inherit at a
 * start is opened here, handed over the monitor and named there (QMP getfd).
 */
final class PassedDescriptors implements AutoCloseable {
  private static final Set<String> SINGLE = Set.of("fd", "vhostfd");
  private static final Set<String> SEVERAL = Set.of("fds", "vhostfds");

  private final Map<Integer, String> names;
  private final Spawner spawner;
  private final Workspace open;

  /**
   * Opens nothing yet.
   *
   * @param passed what the guest's whole command asks for
   */
  PassedDescriptors(List<PassedDescriptor> passed, Spawner spawner) {
    names =
        passed.stream().collect(Collectors.toMap(PassedDescriptor::number, PassedDescriptor::name));
    this.spawner = spawner;
    open = new Workspace("", new EventRelay());
  }

  /** Makes a link and opens it. */
  void open(String guest, LinkStep link) {
    try {
      new GuestLinks(spawner).carryOut(link, open);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "Failed at step '"
              + link.name()
              + "' of guest '"
              + guest
              + "': '"
              + link.object()
              + "': "
              + e.getMessage(),
          e);
    }
  }

  /** Removes a link that is used no more and does not go by itself. */
  static void remove(LinkStep link, Spawner spawner) {
    new GuestLinks(spawner).undo(link);
  }

  /** The options of a network back end with what QEMU has got in the place of numbers. */
  Props handOver(QemuMonitor monitor, Props backend) {
    for (String key : SINGLE) {
      replace(monitor, backend, key);
    }
    for (String key : SEVERAL) {
      replace(monitor, backend, key);
    }
    return backend;
  }

  private void replace(QemuMonitor monitor, Props backend, String key) {
    Optional<Object> numbers = backend.get(key);
    if (numbers.isEmpty()) {
      return;
    }
    List<String> handed = new ArrayList<>();
    for (String number : numbers.get().toString().split(":", -1)) {
      String name = names.getOrDefault(Integer.valueOf(number), "");
      String called = called(name);
      monitor.passing(descriptor(name), "getfd", Props.of("fdname", called));
      handed.add(called);
    }
    backend.put(key, String.join(":", handed));
  }

  private static String called(String name) {
    return name.replace(' ', '-');
  }

  /**
   * The names under which QEMU was given the descriptors of a network back end.
   *
   * @param backend its JSON
   */
  static List<String> handedOver(String backend, List<PassedDescriptor> passed) {
    JsonObject told = JsonText.object(backend);
    return passed.stream()
        .filter(one ->
            Stream.concat(SINGLE.stream(), SEVERAL.stream())
                .flatMap(key -> Stream.of(told.string(key, "").split(":", -1)))
                .anyMatch(Integer.toString(one.number())::equals))
        .map(one -> called(one.name()))
        .toList();
  }

  private int descriptor(String name) {
    if (!open.descriptors().containsKey(name) && name.startsWith("vhost ")) {
      try {
        OpenFile file = OpenFile.open(Path.of(QemuDriver.VHOST_NET), OpenFile.Access.READ_WRITE, 0);
        open.provide(name, file.descriptor(), file::close);
      } catch (IOException e) {
        throw new EngineException(Kind.FAILED, String.valueOf(e.getMessage()), e);
      }
    }
    Integer number = open.descriptors().get(name);
    if (number == null) {
      throw new EngineException(
          Kind.INVALID,
          "the device needs '" + name + "' from the start: shut the guest down and define it anew");
    }
    return number;
  }

  /** Lets go of everything: QEMU has its own. */
  @Override
  public void close() {
    open.close();
  }
}
