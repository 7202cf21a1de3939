package launcher.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import launcher.drivers.qemu.start.DiskLimits;
import launcher.engine.disk.OverlayXml;
import launcher.schemas.XmlElement;

/** The limits of a disk's own traffic ({@code <iotune>}), while it runs and in its definition. */
public final class GuestDiskLimits {
  /** The name of the limits that several disks share. */
  public static final String GROUP = "group_name";

  /** Limits that are said together: who says one of them takes the others away. */
  private static final List<List<String>> FAMILIES =
      List.of(
          List.of("total_bytes_sec", "read_bytes_sec", "write_bytes_sec"),
          List.of("total_iops_sec", "read_iops_sec", "write_iops_sec"),
          List.of("total_bytes_sec_max", "read_bytes_sec_max", "write_bytes_sec_max"),
          List.of("total_iops_sec_max", "read_iops_sec_max", "write_iops_sec_max"),
          List.of("size_iops_sec"),
          List.of("total_bytes_sec_max_length"),
          List.of("read_bytes_sec_max_length"),
          List.of("write_bytes_sec_max_length"),
          List.of("total_iops_sec_max_length"),
          List.of("read_iops_sec_max_length"),
          List.of("write_iops_sec_max_length"));

  private final Guest guest;
  private final ChangeActs acts;

  GuestDiskLimits(Guest guest, Guests guests) {
    this.guest = guest;
    acts = new ChangeActs(guest, guests);
  }

  /** The names of all limits, in virsh's order but for the group. */
  public static List<String> names() {
    return FAMILIES.stream().flatMap(List::stream).toList();
  }

  /**
   * The limits of a disk.
   *
   * @param word its target such as {@code vda}, or the path of its image
   * @return by their names; 0 for none
   */
  public SequencedMap<String, Long> of(String word, boolean live) {
    XmlElement tune = tune(word, live);
    SequencedMap<String, Long> limits = new LinkedHashMap<>();
    names().forEach(name -> limits.put(name, Long.parseLong(tune.value(name, "0").strip())));
    return limits;
  }

  /** The name of the limits that it shares with other disks, empty for its own. */
  public String group(String word, boolean live) {
    return tune(word, live).value(GROUP, "");
  }

  private XmlElement tune(String word, boolean live) {
    return disk(guest.tree(live ? XmlView.LIVE : XmlView.INACTIVE), word)
        .child("iotune")
        .orElseGet(() -> XmlElement.of("iotune"));
  }

  private XmlElement disk(XmlElement domain, String word) {
    return OverlayXml.named(guest.name(), domain, word);
  }

  /**
   * Changes limits; the others stay, but for those that go with a changed one.
   *
   * @param wanted in bytes or operations a second, lengths in seconds; 0 takes a limit away
   * @param group of disks that share them; none to leave it as it is
   */
  public void set(String word, Map<String, Long> wanted, Optional<String> group, Scope scope) {
    Consumer<XmlElement> write = domain -> write(disk(domain, word), wanted, group);
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            "blkdeviotune",
            text -> {
              // the text may name the disk in another way than its completed form
              String target =
                  disk(acts.life().definition().completed(), word).value("target/@dev", word);
              text.change(domain -> write(disk(domain, target), wanted, group));
            }),
        () -> {
          XmlElement live = acts.life().running().live().copy();
          write.accept(live);
          XmlElement disk = disk(live, word);
          XmlElement tune = disk.child("iotune").orElseGet(() -> XmlElement.of("iotune"));
          ToldTwice.tell(
              acts.life().running(),
              guest.qemu(),
              "limits of " + disk.value("target/@dev", word),
              "block_set_io_throttle",
              DiskLimits.arguments(disk, tune),
              live);
        });
  }

  private static void write(XmlElement disk, Map<String, Long> wanted, Optional<String> group) {
    XmlElement tune = disk.childOrAdd("iotune");
    for (List<String> family : FAMILIES) {
      if (family.stream().anyMatch(wanted::containsKey)) {
        family.forEach(name -> tune.child(name).ifPresent(XmlElement::detach));
      }
    }
    wanted.forEach((name, value) -> {
      if (value > 0) {
        tune.add(name).text(Long.toString(value));
      }
    });
    group.ifPresent(name -> {
      tune.child(GROUP).ifPresent(XmlElement::detach);
      if (!name.isEmpty()) {
        tune.add(GROUP).text(name);
      }
    });
    if (tune.children().isEmpty()) {
      tune.detach();
    }
  }
}
