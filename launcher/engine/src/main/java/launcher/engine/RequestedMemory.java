package launcher.engine;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.ActiveRun;
import launcher.engine.qemu.LiveGuest;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** How much of a guest's virtio-mem it is asked to use (libvirt formatdomain, memory devices). */
record RequestedMemory(ChangeActs acts) {
  private static final long KIB = 1024;

  /**
   * Which of several.
   *
   * @param alias empty when there is only one
   * @param node of the guest's memory, empty when there is only one
   */
  record Which(Optional<String> alias, Optional<String> node) {
    private boolean is(XmlElement memory) {
      return memory.is("model", "virtio-mem")
          && alias.map(name -> memory.value("alias/@name", "").equals(name)).orElse(true)
          && node.map(cell -> memory.value("target/node", "").strip().equals(cell)).orElse(true);
    }
  }

  /**
   * Asks for it.
   *
   * @param kib a multiple of the device's blocks, at most its size
   */
  void set(Which which, long kib, Scope scope) {
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            "update-memory-device",
            text -> {
              XmlElement memory = defined(which, acts.life().definition().completed().copy());
              int place = text.place(memory);
              XmlElement written = text.deviceTree("memory", place).orElseThrow();
              write(written, kib);
              text.replaceDevice("memory", place, written);
            }),
        () -> alive(which, kib));
  }

  /** A definition has no aliases but the user's own; one of a run is known by its address. */
  private XmlElement defined(Which which, XmlElement domain) {
    Optional<XmlElement> address =
        acts.life()
            .run()
            .filter(_ -> which.alias().isPresent())
            .flatMap(run -> find(which, run.live().copy()).child("address"));
    return address.isEmpty()
        ? find(which, domain)
        : domain.childOrAdd("devices").children("memory").stream()
            .filter(
                memory -> memory.child("address").filter(a -> same(a, address.get())).isPresent())
            .findFirst()
            .orElseThrow(() -> none());
  }

  private static boolean same(XmlElement one, XmlElement other) {
    return one.attributes().stream().allMatch(a -> other.attribute(a.name(), "").equals(a.value()));
  }

  private EngineException none() {
    return new EngineException(
        Kind.NOT_FOUND, "guest '" + acts.guest().name() + "' has no such virtio-mem device");
  }

  private void alive(Which which, long kib) {
    ActiveRun run = acts.life().running();
    XmlElement live = run.live().copy();
    XmlElement memory = find(which, live);
    refuseUnfit(memory, kib);
    write(memory, kib);
    String alias = memory.value("alias/@name", "");
    Props wanted =
        Props.of("path", "/machine/peripheral/" + alias)
            .put("property", "requested-size")
            .put("value", kib * KIB);
    ToldTwice.tell(
        run, LiveGuest.of(acts.life()).qemu(), "memory of " + alias, "qom-set", wanted, live);
  }

  /** As at a start: the definition's own is checked when it is completed. */
  private void refuseUnfit(XmlElement memory, long kib) {
    long size = kib(memory, "target/size");
    long block = kib(memory, "target/block");
    if (kib < 0 || kib > size || block > 0 && kib % block != 0) {
      throw new EngineException(
          Kind.INVALID,
          "memory device '%s' of guest '%s' can be asked for 0 to %d KiB in steps of %d, not %d"
              .formatted(memory.value("alias/@name", ""), acts.guest().name(), size, block, kib));
    }
  }

  private static long kib(XmlElement memory, String path) {
    return Numbers.parse(memory.value(path, "").strip()).orElse(0);
  }

  private static void write(XmlElement memory, long kib) {
    memory.childOrAdd("target").childOrAdd("requested").set("unit", "KiB").text(Long.toString(kib));
  }

  private XmlElement find(Which which, XmlElement domain) {
    List<XmlElement> fitting =
        domain.childOrAdd("devices").children("memory").stream().filter(which::is).toList();
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    if (fitting.isEmpty()) {
      throw none();
    }
    throw new EngineException(
        Kind.INVALID,
        "guest '"
            + acts.guest().name()
            + "' has "
            + fitting.size()
            + " virtio-mem devices that fit: say its alias");
  }
}
