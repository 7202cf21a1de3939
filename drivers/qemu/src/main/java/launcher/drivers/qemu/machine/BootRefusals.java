package launcher.drivers.qemu.machine;

import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What boot menu, boot loader and key wrapping cannot be told. */
final class BootRefusals {
  private static final long LONGEST = 65535;
  private static final int LONGEST_PARAMETER = 8;

  private BootRefusals() {}

  static void check(Draft draft) {
    XmlElement domain = draft.domain();
    within(draft, domain.at("os/bootmenu").orElse(domain), "timeout", 0);
    within(draft, domain.at("os/bios").orElse(domain), "rebootTimeout", -1);
    domain
        .child("bootloader")
        .ifPresent(b -> draft.refuse(b, "QEMU has no <bootloader>: use <os> with a <kernel>"));
    Set<String> ciphers = new HashSet<>();
    domain
        .child("keywrap")
        .filter(k -> !draft.machine().s390())
        .ifPresent(k -> draft.refuse(k, "key wrapping is not available on this architecture"));
    domain
        .child("keywrap")
        .ifPresent(k ->
            k.children("cipher").stream()
                .filter(c -> !ciphers.add(c.attribute("name", "")))
                .forEach(c ->
                    draft.refuse(
                        c,
                        "the cipher '%s' of key wrapping stands twice"
                            .formatted(c.attribute("name", "")))));
    domain
        .at("os/shim")
        .filter(s -> !hasShim(draft.capabilities().options()))
        .filter(s -> !draft.capabilities().options().isEmpty())
        .ifPresent(s -> draft.refuse(s, "<shim> is not supported by this QEMU"));
    domain.at("os/acpi").ifPresent(acpi -> tables(draft, acpi));
    for (XmlElement device : draft.devices().children()) {
      device.child("boot").ifPresent(boot -> parameter(draft, boot));
    }
  }

  private static void within(Draft draft, XmlElement element, String attribute, long least) {
    OptionalLong value = Numbers.parse(element.attribute(attribute, ""));
    if (value.isPresent() && (value.getAsLong() < least || value.getAsLong() > LONGEST)) {
      draft.refuse(
          element,
          "%s must be from %d to %d milliseconds, not %d"
              .formatted(attribute, least, LONGEST, value.getAsLong()));
    }
  }

  private static void tables(Draft draft, XmlElement acpi) {
    Set<String> types = new HashSet<>();
    for (XmlElement table : acpi.children("table")) {
      String type = table.attribute("type", "");
      if (type.equals("rawset")) {
        draft.refuse(table, "an ACPI table of type 'rawset' is not supported by QEMU");
      } else if (!type.equals("raw") && !types.add(type)) {
        draft.refuse(table, "ACPI table type '%s' may only appear once".formatted(type));
      }
    }
  }

  // -shim sets a property of the machine
  private static boolean hasShim(Map<String, Set<String>> options) {
    return options.containsKey("shim")
        || options.getOrDefault("machine", Set.of()).contains("shim");
  }

  // s390's boot loader reads eight characters.
  private static void parameter(Draft draft, XmlElement boot) {
    String text = boot.attribute("loadparm", "x");
    if (text.isEmpty() || text.length() > LONGEST_PARAMETER) {
      draft.refuse(boot, "loadparm '%s' must have from 1 to 8 characters".formatted(text));
    }
  }
}
