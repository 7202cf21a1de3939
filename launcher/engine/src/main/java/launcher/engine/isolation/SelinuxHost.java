package launcher.engine.isolation;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.spawn.Programs;
import launcher.spawn.SpawnException;
import launcher.spawn.libc.PinnedFile;

/**
 * What the host's SELinux policy says about guests.
 *
 * @param enabled whether the kernel has it on, enforcing or not
 * @param ownContext of this process
 * @param domains contexts of guest processes: the first for hardware virtualization, the second for
 *     emulation
 * @param images contexts of what guests write, and of what they only read
 */
record SelinuxHost(boolean enabled, String ownContext, List<String> domains, List<String> images) {
  private static final int LONGEST_CONTEXT = 4096;
  private static final List<String> DOMAINS =
      List.of("system_u:system_r:svirt_t:s0", "system_u:system_r:svirt_tcg_t:s0");
  private static final List<String> IMAGES =
      List.of("system_u:object_r:svirt_image_t:s0", "system_u:object_r:virt_content_t:s0");

  /** A host of the usual policy; for tests and where SELinux is off. */
  static SelinuxHost usual(boolean enabled) {
    return new SelinuxHost(enabled, "system_u:system_r:virtd_t:s0-s0:c0.c1023", DOMAINS, IMAGES);
  }

  /**
   * Reads it below a root, which is {@code /} but in tests.
   *
   * @throws IOException when SELinux is on and cannot be read
   */
  static SelinuxHost read(Path root) throws IOException {
    if (!Files.exists(root.resolve("sys/fs/selinux/enforce"))) {
      return usual(false);
    }
    Path contexts = contexts(root);
    List<String> domains = lines(contexts.resolve("virtual_domain_context"), DOMAINS);
    if (domains.size() == 1) {
      domains.add(domains.getFirst()); // a policy without a type for emulation: Debian's
    }
    List<String> images = lines(contexts.resolve("virtual_image_context"), IMAGES);
    if (images.size() == 1) {
      images.add(IMAGES.get(1));
    }
    String own = Files.readString(root.resolve("proc/self/attr/current")).replace("\0", "").strip();
    return new SelinuxHost(true, own, domains, images);
  }

  /** Where the policy says which type is whose. */
  static Path contexts(Path root) throws IOException {
    return root.resolve("etc/selinux").resolve(policy(root)).resolve("contexts");
  }

  private static String policy(Path root) throws IOException {
    Path config = root.resolve("etc/selinux/config");
    if (Files.exists(config)) {
      for (String line : Files.readAllLines(config)) {
        if (line.startsWith("SELINUXTYPE=")) {
          return line.substring("SELINUXTYPE=".length()).strip();
        }
      }
    }
    return "targeted";
  }

  private static List<String> lines(Path file, List<String> usual) throws IOException {
    List<String> found = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          found.add(line.strip());
        }
      }
    }
    return found.isEmpty() ? new ArrayList<>(usual) : found;
  }

  /**
   * A context of another level: {@code u:r:t:s0} and {@code s0:c1,c2} make {@code u:r:t:s0:c1,c2}.
   */
  static String at(String context, String level) {
    String[] parts = context.split(":", 4);
    return parts[0] + ":" + parts[1] + ":" + parts[2] + ":" + level;
  }

  /**
   * The type that the policy gives a process of this one's which runs a program, at another level
   * (security_compute_create(3)).
   *
   * @param program absolute path, or a name that is looked up
   * @param levelOf a context whose level it gets
   * @return empty when the policy makes nothing of it
   */
  Optional<String> transition(String program, String levelOf) {
    try {
      Path kernel = Path.of("/sys/fs/selinux");
      String kind = Files.readString(kernel.resolve("class/process/index")).strip();
      String file;
      try (PinnedFile pinned = PinnedFile.open(Programs.resolve(Path.of(program)).toRealPath())) {
        file = pinned.extended("security.selinux").orElse("");
      }
      String made = ask(kernel.resolve("create"), ownContext + " " + file + " " + kind);
      return type(made).equals(type(ownContext))
          ? Optional.empty()
          : Optional.of(at(made, levelOf.split(":", 4)[3]));
    } catch (IOException | SpawnException none) {
      return Optional.empty();
    }
  }

  /** A question and its answer go through one open file (selinuxfs). */
  private static String ask(Path file, String question) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.write(question.getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[LONGEST_CONTEXT];
      open.seek(0);
      int length = Math.max(0, open.read(answer));
      return new String(answer, 0, length, StandardCharsets.UTF_8).replace("\0", "").strip();
    }
  }

  private static String type(String context) {
    return context.split(":", 4)[2];
  }
}
