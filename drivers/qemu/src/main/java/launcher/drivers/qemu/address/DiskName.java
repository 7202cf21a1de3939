package launcher.drivers.qemu.address;

import java.util.List;

/** The name of a disk inside the guest, such as {@code sda} or {@code vdab3}. */
public final class DiskName {
  private static final List<String> PREFIXES = List.of("fd", "hd", "vd", "sd", "xvd", "ubd");

  private DiskName() {}

  /** The number of the disk: 0 for {@code sda}, 26 for {@code sdaa}; -1 for any other name. */
  public static int index(String name) {
    for (String prefix : PREFIXES) {
      if (name.startsWith(prefix) && name.length() > prefix.length()) {
        return letters(name.substring(prefix.length()));
      }
    }
    return -1;
  }

  private static int letters(String rest) {
    long index = 0;
    int i = 0;
    for (; i < rest.length() && Character.isLowerCase(rest.charAt(i)); i++) {
      index = (i == 0 ? 0 : (index + 1) * 26) + rest.charAt(i) - 'a';
      if (index > Integer.MAX_VALUE) {
        return -1;
      }
    }
    boolean digits = rest.substring(i).chars().allMatch(c -> c >= '0' && c <= '9');
    return i > 0 && digits ? (int) index : -1;
  }
}
