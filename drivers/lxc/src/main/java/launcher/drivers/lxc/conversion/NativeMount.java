package launcher.drivers.lxc.conversion;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/**
 * One {@code lxc.mount.entry}: a line of fstab(5).
 *
 * @param options in their order
 */
record NativeMount(String source, String target, String type, List<String> options) {
  /** What a container has anyway. */
  private static final List<String> BASIC = List.of("/proc", "/sys", "/dev", "/dev/pts");

  NativeMount {
    options = List.copyOf(options);
  }

  /**
   * Reads a line.
   *
   * @param root the container's root on the host, which an absolute target may begin with
   */
  static Optional<NativeMount> parse(String line, String root) {
    String[] words = line.strip().split("\\s+");
    if (words.length < 3) {
      return Optional.empty();
    }
    String target = plain(words[1]);
    if (target.startsWith(root + "/")) {
      target = target.substring(root.length());
    }
    String absolute = target.startsWith("/") ? target : "/" + target;
    List<String> options = words.length > 3 ? List.of(words[3].split(",")) : List.of();
    return Optional.of(new NativeMount(plain(words[0]), absolute, words[2], options));
  }

  /** Blanks and backslashes out of fstab's octal numbers. */
  private static String plain(String word) {
    return word.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }

  /** Whether the container has it without being told. */
  boolean basic() {
    return BASIC.contains(target) || type.equals("proc") || type.equals("sysfs");
  }

  /** A view into the kernel that may be missing: what is there of it is a container's anyway. */
  boolean dispensable() {
    return options.contains("optional") && target.matches("/(proc|sys|dev)/.*");
  }

  /**
   * The file system.
   *
   * @throws IllegalArgumentException when XML cannot say it, with the reason
   */
  XmlElement filesystem() {
    XmlElement filesystem = XmlElement.of("filesystem");
    if (type.equals("tmpfs")) {
      filesystem.set("type", "ram").set("accessmode", "passthrough");
      filesystem.add("source").set("usage", Long.toString(size() / 1024)).set("units", "KiB");
    } else {
      boolean block = source.startsWith("/dev/");
      filesystem.set("type", block ? "block" : "mount").set("accessmode", "passthrough");
      filesystem.add("source").set(block ? "dev" : "dir", source);
    }
    filesystem.add("target").set("dir", target);
    if (options.contains("ro")) {
      filesystem.add("readonly");
    }
    return filesystem;
  }

  private long size() {
    String size =
        options.stream()
            .filter(o -> o.startsWith("size="))
            .map(o -> o.substring("size=".length()))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("the tmpfs at '" + target + "' needs size="));
    return bytes(size)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "the tmpfs at '" + target + "' needs a size in bytes, not '" + size + "'"));
  }

  /** {@code 64M} in bytes. */
  static OptionalLong bytes(String text) {
    String digits = text.replaceAll("[^0-9].*$", "");
    String unit = text.substring(digits.length()).strip();
    boolean known = unit.isEmpty() || unit.matches("[kKmMgGtT]([iI]?[bB])?|[bB]");
    return known ? Numbers.bytes(digits, binary(unit), "bytes") : OptionalLong.empty();
  }

  /** LXC and tmpfs count in powers of 1024, whatever the spelling. */
  private static String binary(String unit) {
    return unit.isEmpty() || unit.equalsIgnoreCase("b") ? "bytes" : unit.substring(0, 1);
  }
}
