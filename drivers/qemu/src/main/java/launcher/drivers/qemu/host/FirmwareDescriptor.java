package launcher.drivers.qemu.host;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.json.JsonObject;

/**
 * One firmware as its descriptor says (QEMU's docs/interop/firmware.json).
 *
 * @param file name of the descriptor
 * @param interfaces {@code uefi}, {@code bios} …
 * @param device {@code flash}, {@code memory} or {@code kernel}
 * @param mode of flash: {@code split}, {@code combined} or {@code stateless}
 * @param executable firmware image
 * @param executableFormat {@code raw} or {@code qcow2}
 * @param template variables to begin with
 * @param templateFormat format of the template
 * @param targets architectures and machine patterns
 * @param features {@code secure-boot}, {@code enrolled-keys}, {@code requires-smm} …
 */
public record FirmwareDescriptor(
    String file,
    List<String> interfaces,
    String device,
    String mode,
    String executable,
    String executableFormat,
    Optional<String> template,
    String templateFormat,
    List<Target> targets,
    List<String> features) {
  /** Copies the lists. */
  public FirmwareDescriptor {
    interfaces = List.copyOf(interfaces);
    targets = List.copyOf(targets);
    features = List.copyOf(features);
  }

  /** Machines of an architecture, by shell-like patterns. */
  public record Target(String architecture, List<String> machines) {
    /** Copies the list. */
    public Target {
      machines = List.copyOf(machines);
    }
  }

  /** Reads a descriptor. */
  static FirmwareDescriptor of(String file, JsonObject json) {
    JsonObject mapping = json.object("mapping");
    JsonObject executable = mapping.object("executable");
    JsonObject template = mapping.object("nvram-template");
    String device = mapping.string("device", "");
    return new FirmwareDescriptor(
        file,
        json.strings("interface-types"),
        device,
        mapping.string("mode", "split"),
        executable.string("filename").or(() -> mapping.string("filename")).orElse(""),
        executable.string("format", "raw"),
        template.string("filename"),
        template.string("format", "raw"),
        json.objects("targets").stream()
            .map(t -> new Target(t.string("architecture", ""), t.strings("machines")))
            .toList(),
        json.strings("features"));
  }

  /** Whether it has the feature. */
  public boolean has(String feature) {
    return features.contains(feature);
  }
}
