package launcher.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import launcher.engine.EngineException.Kind;
import launcher.engine.change.DeviceMatch;
import launcher.engine.change.Metadata;
import launcher.engine.guest.GuestLife;
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
  private final ChangeActs acts;

  GuestChanges(Guest guest, Guests guests) {
    this.guest = guest;
    acts = new ChangeActs(guest, guests);
    life = guest.life();
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
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            "attach-device",
            text -> {
              refuseTwice(device);
              text.addDevice(device);
            }),
        () -> new GuestHotPlug(life).attach(XmlWriter.write(device)));
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
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            "detach-device",
            text -> {
              XmlElement device = defined(asked);
              if (!text.removeDevice(device.name(), text.place(device))) {
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
        () -> new GuestHotPlug(life).detach(asked));
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
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            "update-device",
            text -> {
              XmlElement device = defined(asked);
              text.replaceDevice(device.name(), text.place(device), asked);
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
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            "change-media",
            text -> {
              int index = text.place(defined(asked));
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

  /**
   * The whole device, as it runs or as it is defined; a tree of the caller's own.
   *
   * @param asked the device, or as much of it as makes it the only one
   */
  public XmlElement device(String asked, boolean live) {
    XmlView view = live ? XmlView.LIVE : XmlView.INACTIVE;
    return DeviceMatch.find(guest.name(), guest.tree(view), read(asked));
  }

  /**
   * Changes the number of processors.
   *
   * @param count at least 1, at most the guest's maximum
   */
  public void processors(long count, Scope scope) {
    new AmountChanges(acts).processors(count, scope);
  }

  /**
   * The memory nodes of the host that it may use.
   *
   * @return {@code mode} and {@code nodeset}, as far as they are said
   */
  public Map<String, String> memoryNodes(boolean live) {
    return MemoryNodes.of(guest.tree(live ? XmlView.LIVE : XmlView.INACTIVE));
  }

  /**
   * Chooses the memory nodes of the host for its next start.
   *
   * @param mode such as {@code strict}; empty to leave it as it is
   * @param nodes such as {@code 0-1}; empty to leave them as they are
   * @throws EngineException for a running guest, whose memory stays where it is
   */
  public void memoryNodes(Optional<String> mode, Optional<String> nodes, Scope scope) {
    new MemoryNodes(acts).choose(mode, nodes, scope);
  }

  /**
   * Plugs single processors in or out.
   *
   * @param numbers of the guest's processors, from 0
   */
  public void processors(BitSet numbers, boolean present, Scope scope) {
    new ProcessorChoice(acts).set(numbers, present, scope);
  }

  /**
   * Changes how many processors it may have from its next start on; those it has are fewer then.
   *
   * @param count at least 1
   */
  public void processorsAtMost(long count) {
    new AmountChanges(acts).processorsAtMost(count);
  }

  /**
   * Changes how much memory it is left.
   *
   * @param kib at least 1, at most its maximum
   */
  public void memory(long kib, Scope scope) {
    new AmountChanges(acts).memory(kib, scope);
  }

  /**
   * Asks it to use more or less of a virtio-mem device; a running guest takes its time.
   *
   * @param alias of the device; empty when there is only one
   * @param node of the guest's memory; empty when there is only one
   * @param kib a multiple of the device's blocks, at most its size
   */
  public void requestedMemory(
      Optional<String> alias, Optional<String> node, long kib, Scope scope) {
    new RequestedMemory(acts).set(new RequestedMemory.Which(alias, node), kib, scope);
  }

  /**
   * Says how often its balloon driver is asked for its numbers.
   *
   * @param period zero for never
   */
  public void memoryStatisticsEvery(Duration period, Scope scope) {
    new BalloonPeriod(acts).set(period, scope);
  }

  /**
   * Changes its maximum of memory from its next start on.
   *
   * @param kib at least 1
   */
  public void memoryAtMost(long kib) {
    new AmountChanges(acts).memoryAtMost(kib);
  }

  /**
   * Changes what happens at an event of the guest.
   *
   * @param event {@code poweroff}, {@code reboot} or {@code crash}
   * @param action such as {@code destroy}, {@code restart}, {@code preserve}
   */
  public void lifecycle(String event, String action, Scope scope) {
    new NoteChanges(acts).lifecycle(event, action, scope);
  }

  /**
   * Changes the description or the title.
   *
   * @param child {@code description} or {@code title}
   * @param words empty to remove it
   */
  public void describe(String child, String words, Scope scope) {
    new NoteChanges(acts).describe(child, words, scope);
  }

  /**
   * Changes what a program keeps with the guest, in a namespace of its own (libvirt formatdomain,
   * {@code <metadata>}).
   *
   * @param uri of the namespace
   * @param prefix short name of the namespace, used when an element is put in
   * @param xml the element; none to take it away
   */
  public void metadata(String uri, String prefix, Optional<String> xml, Scope scope) {
    Metadata change = new Metadata(uri, prefix, xml.map(GuestChanges::read));
    new NoteChanges(acts).metadata(change, scope);
  }

  /** What a program keeps with the guest, as XML; none when it keeps nothing. */
  public Optional<String> metadata(String uri, boolean live) {
    XmlView view = live ? XmlView.LIVE : XmlView.INACTIVE;
    return Metadata.find(guest.tree(view), uri).map(XmlWriter::write);
  }

  /**
   * Connects or disconnects a network card's cable.
   *
   * @param card its MAC address or the name of its link on the host
   */
  public void link(String card, boolean up, Scope scope) {
    new CardLinks(acts).link(card, up, scope);
  }

  /** Its network cards. */
  CardLinks cards() {
    return new CardLinks(acts);
  }

  /** Whether a network card's cable is connected. */
  public boolean linkUp(String card, boolean live) {
    return new CardLinks(acts).linkUp(card, live);
  }

  private static XmlElement read(String xml) {
    try {
      return XmlReader.read(FILE, xml);
    } catch (XmlException e) {
      throw new EngineException(e.problems());
    }
  }
}
