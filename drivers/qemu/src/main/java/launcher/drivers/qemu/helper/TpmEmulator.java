package launcher.drivers.qemu.helper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.devices.TpmSockets;
import launcher.schemas.domain.Tpm;

/**
 * The emulator of a trusted platform module (swtpm(8)), made ready once per guest by
 * swtpm_setup(8). It gets its listening control socket as a descriptor and ends when QEMU hangs up.
 */
final class TpmEmulator {
  // by path: swtpm reads it twice, and a descriptor would be at its end the second time
  private static final String KEY = "pwdfile=/proc/self/fd/4,mode=aes-256-cbc";

  private TpmEmulator() {}

  static List<Step> of(Guest guest, Grants grants) {
    List<Step> steps = new ArrayList<>();
    for (Tpm tpm : guest.devices().tpms()) {
      if (tpm.backend() instanceof Tpm.Backend.Emulator emulator) {
        emulator(guest, grants, tpm, emulator, steps);
      }
    }
    return steps;
  }

  private static void emulator(
      Guest guest, Grants grants, Tpm tpm, Tpm.Backend.Emulator emulator, List<Step> steps) {
    Path socket = Path.of(TpmSockets.path(guest.host(), guest.domain().name()));
    boolean file = emulator.state().filter(state -> state.type().equals("file")).isPresent();
    Path state = state(grants, emulator);
    Path folder = file ? Helpers.folder(state) : state;
    steps.add(new FileStep.MakeDirectory(Helpers.folder(socket), 0700, false));
    steps.add(new FileStep.MakeDirectory(folder, 0700, true));
    String place = (file ? "backend-uri=file://" : "dir=") + state;
    steps.add(
        prepare(
            guest,
            emulator,
            file ? "backend-uri://" + state : state.toString(),
            made(emulator, state, file)));
    List<String> words =
        new ArrayList<>(
            List.of("socket", "--ctrl", "type=unixio,fd=3", "--tpmstate", place, "--terminate"));
    if (isVersion2(emulator)) {
      words.add("--tpm2");
    }
    if (emulator.secret().isPresent()) {
      words.addAll(List.of("--key", KEY, "--migration-key", KEY));
    }
    emulator.debug().ifPresent(level -> words.addAll(List.of("--log", "fd=2,level=" + level)));
    steps.add(
        new HelperStep.Start(
            "swtpm",
            "swtpm",
            words,
            Optional.of(socket),
            Optional.empty(),
            emulator.secret(),
            Helpers.pidFile(grants, tpm.alias()),
            grants.log(),
            HelperStep.Rights.GUEST,
            Optional.empty(),
            List.of(),
            List.of(Helpers.folder(socket), folder),
            Optional.empty(),
            Optional.empty(),
            List.of()));
  }

  private static HelperStep prepare(
      Guest guest, Tpm.Backend.Emulator emulator, String place, Path made) {
    List<String> words = new ArrayList<>();
    if (isVersion2(emulator)) {
      words.add("--tpm2");
    }
    words.addAll(
        List.of(
            "--tpmstate",
            place,
            "--vmid",
            guest.domain().name() + ":" + guest.domain().uuid().orElse(""),
            "--createek",
            "--lock-nvram",
            "--not-overwrite"));
    if (emulator.secret().isPresent()) {
      words.addAll(List.of("--pwdfile-fd", "4", "--cipher", "aes-256-cbc"));
    }
    if (!emulator.activePcrBanks().isEmpty()) {
      words.addAll(List.of("--pcr-banks", String.join(",", emulator.activePcrBanks())));
    }
    return new HelperStep.Prepare(
        "swtpm_setup",
        "swtpm_setup",
        words,
        made,
        emulator.secret(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static Path state(Grants grants, Tpm.Backend.Emulator emulator) {
    return emulator
        .state()
        .map(state -> Path.of(state.path()))
        .orElseGet(() -> grants.stateFolder().resolve(isVersion2(emulator) ? "tpm2" : "tpm1.2"));
  }

  private static Path made(Tpm.Backend.Emulator emulator, Path state, boolean file) {
    return file
        ? state
        : state.resolve(isVersion2(emulator) ? "tpm2-00.permall" : "tpm-00.permall");
  }

  private static boolean isVersion2(Tpm.Backend.Emulator emulator) {
    return !emulator.version().equals("1.2");
  }
}
