package launcher.drivers.qemu.devices;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.memory.MemoryCompletion;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Writes values of devices in one form, whatever form they came in. */
final class CanonicalDevices {
  private static final long MIB = 1 << 20;

  private CanonicalDevices() {}

  static void complete(Draft draft) {
    for (XmlElement device : draft.devices().children()) {
      device.child("boot").ifPresent(b -> decimal(b, "order"));
      device.child("acpi").ifPresent(a -> decimal(a, "index"));
      device.child("acpi").filter(a -> !a.has("index")).ifPresent(XmlElement::detach);
      device
          .child("address")
          .filter(a -> a.is("type", "isa"))
          .ifPresent(a -> {
            isa(a, "iobase");
            isa(a, "irq");
          });
    }
    draft.devices("lease").stream()
        .flatMap(l -> l.child("target").stream())
        .filter(t -> t.is("offset", "0"))
        .forEach(t -> t.unset("offset"));
    draft.devices("redirfilter").stream()
        .filter(f -> f.children().isEmpty())
        .forEach(XmlElement::detach);
    draft.devices("crypto").forEach(CanonicalDevices::dropEmptyDriver);
    draft.devices("parallel").forEach(p -> p.child("target").ifPresent(CanonicalDevices::port));
    draft.devices("console").forEach(c -> c.at("target/model").ifPresent(XmlElement::detach));
    for (XmlElement controller : draft.devices("controller")) {
      controller
          .child("target")
          .ifPresent(
              t -> List.of("chassisNr", "chassis", "busNr", "index").forEach(n -> decimal(t, n)));
    }
    for (XmlElement filesystem : draft.devices("filesystem")) {
      for (String limit : List.of("space_hard_limit", "space_soft_limit")) {
        filesystem.child(limit).ifPresent(CanonicalDevices::inBytes);
      }
    }
    draft.devices("memory").forEach(CanonicalDevices::memory);
    draft.devices("shmem").forEach(CanonicalDevices::shmem);
    draft.devices("pstore").forEach(p -> p.child("size").ifPresent(CanonicalDevices::inKib));
    draft.devices("tpm").stream()
        .flatMap(t -> t.child("backend").stream())
        .filter(b -> b.is("persistent_state", "no"))
        .forEach(b -> b.unset("persistent_state"));
    draft.devices("redirdev").stream()
        .filter(r -> r.is("type", "dbus"))
        .forEach(r -> r.childOrAdd("source").setDefault("channel", "org.qemu.usbredir"));
    draft.devices("graphics").forEach(CanonicalDevices::graphics);
    draft.devices("iommu").forEach(CanonicalDevices::dropEmptyDriver);
    draft.devices("hostdev").stream()
        .flatMap(h -> h.at("source/address").stream())
        .forEach(
            a -> a.attribute("uuid").ifPresent(u -> a.set("uuid", u.toLowerCase(Locale.ROOT))));
  }

  // A parallel port has a number and no kinds.
  private static void port(XmlElement target) {
    target.unset("type");
    target.child("model").ifPresent(XmlElement::detach);
  }

  private static void decimal(XmlElement element, String attribute) {
    Numbers.parse(element.attribute(attribute, "")).ifPresent(n -> element.set(attribute, n));
  }

  // The ISA bus is spoken of in hexadecimal, with or without a sign of it.
  private static void isa(XmlElement address, String attribute) {
    String text = address.attribute(attribute, "").strip();
    boolean bare = !text.isEmpty() && !text.startsWith("0x") && !text.startsWith("0X");
    Numbers.parse(bare ? "0x" + text : text)
        .ifPresent(n -> address.set(attribute, "0x" + Long.toHexString(n)));
  }

  private static void inBytes(XmlElement amount) {
    OptionalLong bytes = Numbers.bytes(amount.text(), amount.attribute("unit", "b"), "b");
    if (bytes.isPresent()) {
      amount.set("unit", "bytes").text(Long.toString(bytes.getAsLong()));
    }
  }

  private static void inKib(XmlElement amount) {
    MemoryCompletion.inKib(amount, "KiB");
  }

  private static void memory(XmlElement memory) {
    if (memory.is("model", "virtio-pmem")) {
      memory.setDefault("access", "shared"); // what is written must get to the file
    }
    if (memory.is("model", "virtio-mem")) {
      XmlElement target = memory.childOrAdd("target");
      if (!target.hasChild("requested")) {
        target.add("requested").text("0");
      }
    }
    memory
        .child("target")
        .ifPresent(target -> {
          for (String part : List.of("size", "block", "requested")) {
            target.child(part).ifPresent(CanonicalDevices::inKib);
          }
          target.at("label/size").ifPresent(CanonicalDevices::inKib);
          // what is plugged right now is no part of the definition
          target.child("current").ifPresent(XmlElement::detach);
        });
    memory
        .child("source")
        .ifPresent(source -> {
          source.child("pagesize").ifPresent(CanonicalDevices::inKib);
          source.child("alignsize").ifPresent(CanonicalDevices::inKib);
        });
  }

  private static void shmem(XmlElement shmem) {
    boolean doorbell = shmem.hasChild("server");
    boolean plain = shmem.value("model/@type", "").equals("ivshmem-plain");
    if (plain && !doorbell && !shmem.hasChild("size")) {
      shmem.add("size").set("unit", "M").text("4");
    }
    shmem.child("size").ifPresent(CanonicalDevices::inMib);
    if (doorbell) {
      XmlElement interrupts = shmem.childOrAdd("msi");
      interrupts.unset("enabled");
      interrupts.setDefault("ioeventfd", "on");
    }
  }

  private static void inMib(XmlElement size) {
    OptionalLong bytes = Numbers.bytes(size.text(), size.attribute("unit").orElse(null), "b");
    if (bytes.isPresent() && bytes.getAsLong() % MIB == 0) {
      size.set("unit", "M").text(Long.toString(bytes.getAsLong() / MIB));
    }
  }

  private static void graphics(XmlElement graphics) {
    if (graphics.is("fullscreen", "no")) {
      graphics.unset("fullscreen");
    }
    graphics.children("channel").stream()
        .filter(c -> c.is("mode", "any"))
        .forEach(XmlElement::detach);
  }

  private static void dropEmptyDriver(XmlElement device) {
    device
        .child("driver")
        .filter(d -> d.attributes().isEmpty() && d.children().isEmpty())
        .ifPresent(XmlElement::detach);
  }
}
