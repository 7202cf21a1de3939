package launcher.engine.device;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.HostDeviceStep;

/** Who has which device of the host. */
final class DeviceClaims {
  private static final String SHARED = "shared";
  private static final String ALONE = "alone";

  private final DeviceMemory memory;

  DeviceClaims(DeviceMemory memory) {
    this.memory = memory;
  }

  /** A guest that has a device; its line in the file. */
  private record Holder(String uuid, String name) {
    private static Holder of(String line) {
      String[] words = line.split(" ", 2);
      return new Holder(words[0], words.length > 1 ? words[1] : words[0]);
    }

    private String line() {
      return uuid + " " + name.replace('\n', ' ');
    }
  }

  private static String name(String kind, String device) {
    return "claim " + kind + " " + device;
  }

  /**
   * Takes it.
   *
   * @throws IOException when another guest has it
   */
  void claim(HostDeviceStep.ClaimDevice step) throws IOException {
    memory.alone(() -> {
      String name = name(step.kind(), step.device());
      List<String> lines = memory.read(name).orElse(List.of(ALONE));
      List<Holder> others = new ArrayList<>(others(lines, step.user()));
      boolean together = step.shared() && lines.getFirst().equals(SHARED);
      if (!others.isEmpty() && !together) {
        throw new IOException(
            "it is used by guest '%s'%s"
                .formatted(
                    others.getFirst().name(),
                    step.shared() || lines.getFirst().equals(SHARED)
                        ? ", and only guests that all have <shareable/> there can share it"
                        : ""));
      }
      others.add(new Holder(step.user(), step.guest()));
      List<String> text = new ArrayList<>(List.of(step.shared() ? SHARED : ALONE));
      others.forEach(holder -> text.add(holder.line()));
      memory.write(name, text);
    });
  }

  /** Gives it back, unless it is another guest's. */
  void release(HostDeviceStep.ClaimDevice step) throws IOException {
    memory.alone(() -> {
      String name = name(step.kind(), step.device());
      Optional<List<String>> lines = memory.read(name);
      if (lines.isEmpty()) {
        return;
      }
      List<Holder> others = others(lines.get(), step.user());
      if (others.isEmpty()) {
        memory.forget(name);
        return;
      }
      List<String> text = new ArrayList<>(List.of(lines.get().getFirst()));
      others.forEach(holder -> text.add(holder.line()));
      memory.write(name, text);
    });
  }

  /**
   * The name of a guest that has a device.
   *
   * @param user the UUID of the guest that asks, which does not count
   */
  Optional<String> holder(String kind, String device, String user) throws IOException {
    return memory.read(name(kind, device)).stream()
        .flatMap(lines -> others(lines, user).stream())
        .map(Holder::name)
        .findFirst();
  }

  private static List<Holder> others(List<String> lines, String user) {
    return lines.stream()
        .skip(1)
        .map(Holder::of)
        .filter(holder -> !holder.uuid().equals(user))
        .toList();
  }
}
