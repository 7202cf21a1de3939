package launcher.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException.Kind;
import launcher.engine.change.DeviceMatch;
import launcher.engine.change.WrittenDefinition;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.lxc.ContainerRunning;
import launcher.engine.qemu.Processors;
import launcher.engine.qemu.QemuMonitor;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/**
 * Changes of a guest: of its definition, of the running guest, or of both. What the definition
 * refuses is refused before the running guest is touched; a definition's text keeps every byte that
 * does not change.
 */
public final class GuestChanges {
  private static final String FILE = "device.xml";

  private final Guest guest;
  private final GuestLife life;
  private final Guests guests;

  GuestChanges(Guest guest, Guests guests) {
    this.guest = guest;
    this.guests = guests;
    life = guest.life();
  }

  /** A change of the text, of the completed definition that it follows, and of the run. */
  private record Change(
      String act, Consumer<WrittenDefinition> text, UnaryOperator<XmlElement> previous) {
    Change(String act, Consumer<WrittenDefinition> text) {
      this(act, text, tree -> tree);
    }
  }

  private void carryOut(Scope asked, Change change, Runnable live) {
    // who keeps such a guest brings a change of its definition into its run too
    Scope scope = guest.foreign() ? new Scope(false, true) : asked;
    life.act(
        change.act(),
        () -> {
          scope.check(guest);
          Optional<Definition> changed =
              scope.config() ? Optional.of(prepared(change)) : Optional.empty();
          if (scope.live()) {
            live.run();
          }
          changed.ifPresent(definition -> guests.keep(life, definition));
        });
  }

  private Definition prepared(Change change) {
    WrittenDefinition text = new WrittenDefinition(life.definition().written());
    change.text().accept(text);
    return guests.changed(
        life, text.text(), change.previous().apply(life.definition().completed().copy()));
  }

  /** Changes the live definition after the running guest has been changed. */
  private void alive(Consumer<XmlElement> change) {
    ActiveRun run = life.running();
    XmlElement live = run.live().copy();
    change.accept(live);
    life.live(run, live);
  }

  /**
   * Adds a device.
   *
   * @param xml such as {@code <disk …>}
   * @throws EngineException with every problem of the XML, or QEMU's own words
   */
  public void attach(String xml, Scope scope) {
    XmlElement device = read(xml);
    if (device.name().equals("interface") && !device.hasChild("mac")) {
      // one card has one address, in the run and in the definition
      device.add("mac").set("address", MacAddress.random());
    }
    carryOut(
        scope,
        new Change(
            "attach-device",
            text -> {
              refuseTwice(device);
              text.addDevice(device);
            }),
        () -> new GuestHotPlug(life, guest.qemu()).attach(XmlWriter.write(device)));
  }

  private void refuseTwice(XmlElement device) {
    Optional<String> target =
        device.name().equals("disk") ? device.value("target/@dev") : Optional.empty();
    boolean there =
        target.isPresent()
            && life.definition().completed().copy().childOrAdd("devices").children("disk").stream()
                .anyMatch(disk -> disk.value("target/@dev").equals(target));
    if (there) {
      throw new EngineException(
          Kind.EXISTS,
          "guest '" + guest.name() + "' is defined with a disk '" + target.get() + "' already");
    }
  }

  /**
   * Removes a device; a running guest must let go of it.
   *
   * @param xml the device, or as much of it as makes it the only one
   */
  public void detach(String xml, Scope scope) {
    XmlElement asked = read(xml);
    carryOut(
        scope,
        new Change(
            "detach-device",
            text -> {
              XmlElement device = defined(asked);
              if (!text.removeDevice(device.name(), index(device))) {
                throw new EngineException(
                    Kind.INVALID,
                    "the <"
                        + device.name()
                        + "> of guest '"
                        + guest.name()
                        + "' is not written in its definition: every such guest has one");
              }
            },
            tree -> {
              DeviceMatch.find(guest.name(), tree, asked).detach();
              return tree;
            }),
        () -> new GuestHotPlug(life, guest.qemu()).detach(asked));
  }

  /**
   * Removes the device that has an alias.
   *
   * @param alias such as {@code net0}, or one the user gave
   */
  public void detachAlias(String alias, Scope scope) {
    XmlView view = scope.live() ? XmlView.LIVE : XmlView.INACTIVE;
    for (XmlElement device : guest.tree(view).childOrAdd("devices").children()) {
      if (device.value("alias/@name", "").equals(alias)) {
        XmlElement asked = XmlElement.of(device.name());
        asked.add("alias").set("name", alias);
        detach(XmlWriter.write(asked), scope);
        return;
      }
    }
    throw new EngineException(
        Kind.NOT_FOUND, "guest '" + guest.name() + "' has no device with alias '" + alias + "'");
  }

  /**
   * Changes a device: another medium, a link's state; in the definition anything.
   *
   * @param xml the whole device
   * @param force even when the guest has locked the drive
   */
  public void update(String xml, Scope scope, boolean force) {
    XmlElement asked = read(xml);
    carryOut(
        scope,
        new Change(
            "update-device",
            text -> {
              XmlElement device = defined(asked);
              text.replaceDevice(device.name(), index(device), asked);
            }),
        () -> new LiveUpdate(guest).apply(asked, force));
  }

  /**
   * Puts another medium into a drive, or takes the present one out.
   *
   * @param drive its target such as {@code sda}, or the path of its medium
   * @param file the new medium; empty to leave the drive empty
   * @param format of the file, such as {@code raw}
   * @param force even when the guest has locked the drive
   */
  public void medium(String drive, Optional<Path> file, String format, boolean force, Scope scope) {
    XmlView view = scope.live() ? XmlView.LIVE : XmlView.INACTIVE;
    String target = drive(drive, view);
    XmlElement asked = XmlElement.of("disk");
    asked.add("target").set("dev", target);
    carryOut(
        scope,
        new Change(
            "change-media",
            text -> {
              int index = index(defined(asked));
              XmlElement device = text.deviceTree("disk", index).orElseThrow();
              device.child("source").ifPresent(XmlElement::detach);
              file.ifPresent(path -> {
                device.set("type", "file");
                device.childOrAdd("driver").setDefault("name", "qemu").set("type", format);
                device.add("source").set("file", path.toString());
              });
              text.replaceDevice("disk", index, device);
            }),
        () -> guest.devices().exchange(target, file, format, force));
  }

  /** The target of a drive that takes media. */
  private String drive(String word, XmlView view) {
    for (XmlElement disk : guest.tree(view).childOrAdd("devices").children("disk")) {
      String target = disk.value("target/@dev", "");
      if (target.equals(word) || disk.value("source/@file", "").equals(word)) {
        if (!disk.is("device", "cdrom") && !disk.is("device", "floppy")) {
          throw new EngineException(
              Kind.INVALID,
              "'"
                  + word
                  + "' of guest '"
                  + guest.name()
                  + "' has no medium to change: it is no cdrom or floppy");
        }
        return target;
      }
    }
    throw new EngineException(
        Kind.NOT_FOUND, "guest '" + guest.name() + "' has no disk '" + word + "'");
  }

  /** The device of the completed definition that is meant. */
  private XmlElement defined(XmlElement asked) {
    return DeviceMatch.find(guest.name(), life.definition().completed().copy(), asked);
  }

  private static int index(XmlElement device) {
    return device.parent().map(p -> p.children(device.name()).indexOf(device)).orElse(-1);
  }

  /**
   * The device's whole XML, as it runs or as it is defined.
   *
   * @param asked the device, or as much of it as makes it the only one
   */
  public String device(String asked, boolean live) {
    XmlView view = live ? XmlView.LIVE : XmlView.INACTIVE;
    return XmlWriter.write(DeviceMatch.find(guest.name(), guest.tree(view), read(asked)));
  }

  /**
   * Changes the number of processors.
   *
   * @param count at least 1, at most the guest's maximum
   */
  public void processors(long count, Scope scope) {
    carryOut(
        scope,
        new Change(
            "setvcpus",
            text -> {
              long most = processorsAtMost(life.definition().completed());
              refuseMany(count, most);
              Optional<String> current =
                  count == most ? Optional.empty() : Optional.of(Long.toString(count));
              text.attribute("vcpu", "current", current);
              // it lists the processors one by one, and would say otherwise
              text.removeChild("vcpus");
            }),
        () -> {
          long most = processorsAtMost(life.running().live());
          refuseMany(count, most);
          Processors processors = new Processors(guest.name(), guest.qemu());
          processors.set(count);
          alive(live -> {
            processors.describe(live);
            if (count == most) {
              live.childOrAdd("vcpu").unset("current");
            } else {
              live.childOrAdd("vcpu").set("current", count);
            }
          });
        });
  }

  private void refuseMany(long count, long most) {
    if (count < 1 || count > most) {
      throw new EngineException(
          Kind.INVALID,
          "guest '" + guest.name() + "' can have 1 to " + most + " processors, not " + count);
    }
  }

  private static long processorsAtMost(XmlElement domain) {
    return domain.value("vcpu").map(text -> Long.parseLong(text.strip())).orElse(1L);
  }

  /**
   * Changes how many processors it may have from its next start on; those it has are fewer then.
   */
  public void processorsAtMost(long count) {
    carryOut(
        new Scope(false, true),
        new Change(
            "setvcpus",
            text -> {
              XmlElement domain = life.definition().completed();
              long current =
                  domain
                      .value("vcpu/@current")
                      .map(Long::parseLong)
                      .orElse(processorsAtMost(domain));
              text.child("vcpu", Long.toString(count));
              Optional<String> fewer =
                  current < count ? Optional.of(Long.toString(current)) : Optional.empty();
              text.attribute("vcpu", "current", fewer);
              text.removeChild("vcpus");
            }),
        () -> {});
  }

  /**
   * Changes how much memory it is left.
   *
   * @param kib at least 1, at most its maximum
   */
  public void memory(long kib, Scope scope) {
    carryOut(
        scope,
        new Change(
            "setmem",
            text -> {
              long most = kib(life.definition().completed(), "memory");
              if (kib < 1 || kib > most) {
                throw new EngineException(
                    Kind.INVALID,
                    "guest '" + guest.name() + "' can have 1 to " + most + " KiB, not " + kib);
              }
              text.child("currentMemory", Long.toString(kib), "unit", "KiB");
            }),
        () -> {
          if (life.running().running() instanceof ContainerRunning) {
            guest.limits().memory(kib);
          } else {
            guest.devices().leave(kib);
          }
        });
  }

  /**
   * Changes its maximum of memory from its next start on.
   *
   * @param kib at least 1
   */
  public void memoryAtMost(long kib) {
    carryOut(
        new Scope(false, true),
        new Change(
            "setmaxmem",
            text -> {
              text.child("memory", Long.toString(kib), "unit", "KiB");
              if (kib(life.definition().completed(), "currentMemory") > kib) {
                text.child("currentMemory", Long.toString(kib), "unit", "KiB");
              }
            }),
        () -> {});
  }

  // completion writes memory in KiB
  private static long kib(XmlElement domain, String name) {
    return domain.value(name).map(text -> Long.parseLong(text.strip())).orElse(0L);
  }

  /**
   * Changes what happens at an event of the guest.
   *
   * @param event {@code poweroff}, {@code reboot} or {@code crash}
   * @param action such as {@code destroy}, {@code restart}, {@code preserve}
   */
  public void lifecycle(String event, String action, Scope scope) {
    if (!List.of("poweroff", "reboot", "crash").contains(event)) {
      throw new EngineException(
          Kind.INVALID, "there is no event '" + event + "': poweroff, reboot or crash");
    }
    List<String> actions =
        new ArrayList<>(List.of("destroy", "restart", "rename-restart", "preserve"));
    if (event.equals("crash")) {
      actions.addAll(List.of("coredump-destroy", "coredump-restart"));
    }
    if (!actions.contains(action)) {
      throw new EngineException(
          Kind.INVALID,
          "there is no action '" + action + "' at " + event + ": " + String.join(", ", actions));
    }
    carryOut(
        scope,
        new Change("set-lifecycle-action", text -> text.child("on_" + event, action)),
        () -> {
          XmlElement checked = life.running().live().copy();
          checked.childOrAdd("on_" + event).text(action);
          guest.qemu().lifecycle(checked);
          alive(live -> live.childOrAdd("on_" + event).text(action));
        });
  }

  /**
   * Changes the description or the title.
   *
   * @param child {@code description} or {@code title}
   * @param words empty to remove it
   */
  public void describe(String child, String words, Scope scope) {
    if (child.equals("title") && words.indexOf('\n') >= 0) {
      throw new EngineException(Kind.INVALID, "a title is one line");
    }
    carryOut(
        scope,
        new Change(
            "desc",
            text -> {
              if (words.isEmpty()) {
                text.removeChild(child);
              } else {
                text.child(child, words);
              }
            }),
        () ->
            alive(live -> {
              if (words.isEmpty()) {
                live.child(child).ifPresent(XmlElement::detach);
              } else {
                live.childOrAdd(child).text(words);
              }
            }));
  }

  /**
   * Connects or disconnects a network card's cable.
   *
   * @param card its MAC address or the name of its link on the host
   */
  public void link(String card, boolean up, Scope scope) {
    XmlElement asked = cardNamed(card, scope.live() ? XmlView.LIVE : XmlView.INACTIVE);
    String state = up ? "up" : "down";
    carryOut(
        scope,
        new Change(
            "domif-setlink",
            text -> {
              int index = index(defined(asked));
              XmlElement device = text.deviceTree("interface", index).orElseThrow();
              device.childOrAdd("link").set("state", state);
              text.replaceDevice("interface", index, device);
            }),
        () -> {
          XmlElement device = DeviceMatch.find(guest.name(), life.running().live(), asked);
          Props which = Props.of("name", device.value("alias/@name", "")).put("up", up);
          guest.qemu().monitor().ask("set_link", which, QemuMonitor.WORK);
          alive(live ->
              DeviceMatch.find(guest.name(), live, asked).childOrAdd("link").set("state", state));
        });
  }

  /**
   * Changes a network card.
   *
   * @param word its MAC address, the name of its link on the host or its alias
   * @param change of its XML
   * @param run told the card of the running guest before and after the change
   */
  void card(
      String act,
      String word,
      Scope scope,
      Consumer<XmlElement> change,
      BiConsumer<XmlElement, XmlElement> run) {
    XmlElement asked = cardNamed(word, scope.live() ? XmlView.LIVE : XmlView.INACTIVE);
    carryOut(
        scope,
        new Change(
            act,
            text -> {
              int index = index(defined(asked));
              XmlElement device = text.deviceTree("interface", index).orElseThrow();
              change.accept(device);
              text.replaceDevice("interface", index, device);
            }),
        () -> {
          XmlElement before =
              DeviceMatch.find(guest.name(), life.running().live().copy(), asked).copy();
          XmlElement after = before.copy();
          change.accept(after);
          run.accept(before, after);
          alive(live -> change.accept(DeviceMatch.find(guest.name(), live, asked)));
        });
  }

  /** A network card's XML. */
  XmlElement card(String word, boolean live) {
    XmlView view = live ? XmlView.LIVE : XmlView.INACTIVE;
    return DeviceMatch.find(guest.name(), guest.tree(view), cardNamed(word, view));
  }

  /** Whether a network card's cable is connected. */
  public boolean linkUp(String card, boolean live) {
    XmlView view = live ? XmlView.LIVE : XmlView.INACTIVE;
    XmlElement asked = cardNamed(card, view);
    return !DeviceMatch.find(guest.name(), guest.tree(view), asked)
        .value("link/@state", "up")
        .equals("down");
  }

  private XmlElement cardNamed(String word, XmlView view) {
    for (XmlElement card : guest.tree(view).childOrAdd("devices").children("interface")) {
      if (card.value("mac/@address", "").equalsIgnoreCase(word)
          || card.value("target/@dev", "").equals(word)
          || card.value("alias/@name", "").equals(word)) {
        XmlElement asked = XmlElement.of("interface");
        asked.add("mac").set("address", card.value("mac/@address", ""));
        return asked;
      }
    }
    throw new EngineException(
        Kind.NOT_FOUND, "guest '" + guest.name() + "' has no network card '" + word + "'");
  }

  private static XmlElement read(String xml) {
    try {
      return XmlReader.read(FILE, xml);
    } catch (XmlException e) {
      throw new EngineException(e.problems());
    }
  }
}
