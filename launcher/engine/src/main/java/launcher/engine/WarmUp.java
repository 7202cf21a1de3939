package launcher.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.plan.Grants;
import launcher.engine.guest.EngineContext;
import launcher.engine.guest.Hypervisor;
import launcher.engine.guest.Launch;
import launcher.engine.guest.LaunchOptions;
import launcher.engine.run.RunRecord;
import launcher.engine.store.RecordJson;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/**
 * Does once, for no guest at all, what defining and planning do: the first real one then finds the
 * schema compiled, the classes of the model bound, and QEMU's abilities read. Nothing is written,
 * started or shown.
 *
 * @param context of the engine
 */
record WarmUp(EngineContext context) {
  private static final String UUID = "00000000-0000-4000-8000-000000000000";

  /** The usual devices; no file of the host. */
  private static final String GUEST =
      """
      <domain type='qemu'>
        <name>warm-up</name>
        <uuid>%s</uuid>
        <memory unit='MiB'>64</memory>
        <os><type>hvm</type></os>
        <features><acpi/></features>
        <devices>
          <interface type='user'/>
          <serial type='pty'/>
        </devices>
      </domain>
      """
          .formatted(UUID);

  void run() {
    XmlElement tree = XmlReader.read("warm-up.xml", GUEST);
    Hypervisor hypervisor = context.hypervisor("warm-up", "qemu");
    hypervisor.complete("warm-up.xml", tree, Optional.empty(), true);
    Path folder = context.folders().runtime().resolve("warm-up");
    Grants grants = new Grants(0, folder, folder, folder, Map.of());
    Launch launch = hypervisor.launch(tree, grants, LaunchOptions.BOOT);
    var _ = XmlWriter.write(launch.live());
    var _ = RecordJson.write(record(launch, folder));
  }

  private static RunRecord record(Launch launch, Path folder) {
    return new RunRecord(
        "warm-up",
        UUID,
        "qemu",
        0,
        RunRecord.Phase.STARTING,
        0,
        0,
        launch.plan().steps(),
        launch.monitor(),
        folder,
        Instant.EPOCH,
        "",
        false,
        Optional.empty(),
        List.of(),
        List.of());
  }

  /** Whether a QEMU has been asked before: asking one costs more than it could save. */
  boolean worthwhile() {
    return Files.isDirectory(context.folders().cache().resolve("qemu"));
  }
}
