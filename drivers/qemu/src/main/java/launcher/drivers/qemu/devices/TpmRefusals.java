package launcher.drivers.qemu.devices;

import java.util.Optional;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** What trusted platform modules cannot be. */
final class TpmRefusals {
  private static final String PROXY = "spapr-tpm-proxy";

  private TpmRefusals() {}

  /** As written: a module without a back end. */
  static void checkWritten(Draft draft) {
    for (XmlElement tpm : draft.devices("tpm")) {
      if (!tpm.hasChild("backend")) {
        draft.refuse(tpm, "a TPM device misses its <backend>");
      }
    }
  }

  /** Looks at all modules. */
  static void check(Draft draft) {
    several(draft, true);
    several(draft, false);
    for (XmlElement tpm : draft.devices("tpm")) {
      model(draft, tpm);
      tpm.child("backend").ifPresent(backend -> backend(draft, tpm, backend));
    }
  }

  private static void several(Draft draft, boolean proxies) {
    draft.devices("tpm").stream()
        .filter(tpm -> tpm.is("model", PROXY) == proxies)
        .skip(1)
        .forEach(tpm ->
            draft.refuse(
                tpm,
                proxies
                    ? "there can be only a single TPM proxy device"
                    : "there can be only a single TPM device that is no proxy"));
  }

  private static void model(Draft draft, XmlElement tpm) {
    Machine machine = draft.machine();
    String model = tpm.attribute("model", "");
    boolean fits =
        switch (model) {
          case "tpm-spapr", PROXY -> machine.pseries();
          case "tpm-crb" -> machine.x86() || machine.armVirt();
          default ->
              machine.x86() || machine.armVirt() || machine.loongarchVirt() || machine.riscvVirt();
        };
    if (!fits) {
      draft.refuse(
          tpm, "TPM model '%s' does not fit machine type '%s'".formatted(model, machine.name()));
    }
    if (model.equals(PROXY) && !tpm.value("backend/@type", "").equals("passthrough")) {
      draft.refuse(tpm, "a TPM proxy needs a backend of type 'passthrough'");
    }
  }

  private static void backend(Draft draft, XmlElement tpm, XmlElement backend) {
    boolean old = backend.is("version", "1.2");
    if (backend.is("type", "emulator") && old && !tpm.is("model", "tpm-tis")) {
      draft.refuse(
          tpm, "TPM 1.2 is not supported with model '%s'".formatted(tpm.attribute("model", "")));
    }
    for (String child : new String[] {"active_pcr_banks", "profile"}) {
      Optional<XmlElement> modern = backend.child(child);
      if (old && modern.isPresent()) {
        draft.refuse(modern.get(), "<%s> requires TPM version '2.0'".formatted(child));
      }
    }
    if (backend.is("type", "external") && backend.value("source/@mode", "").equals("bind")) {
      draft.refuse(backend, "only 'connect' mode is supported for an external TPM");
    }
    if (backend.is("type", "external") && backend.value("source/@path", "").isEmpty()) {
      draft.refuse(backend, "an external TPM misses its <source path='…'>");
    }
  }
}
