package launcher.spawn;

import java.util.ArrayList;
import java.util.List;

/**
 * A list of options in one argument, as QEMU reads it: {@code virtio-blk-pci,drive=d0,id=disk0}. A
 * comma in a value is doubled, which is QEMU's way to write one (qemu-option.c, since 0.10), so a
 * value can never add an option of its own.
 */
public final class OptionList {
  private final List<String> parts = new ArrayList<>();

  private OptionList() {}

  /** A list that begins with a bare value, such as the name of a device. */
  public static OptionList of(String first) {
    OptionList list = new OptionList();
    list.parts.add(escape(first));
    return list;
  }

  /** A list of pairs only, such as {@code id=c0,path=/x}. */
  public static OptionList empty() {
    return new OptionList();
  }

  /** Adds {@code name=value}, the value's commas doubled. */
  public OptionList add(String name, String value) {
    parts.add(name(name) + "=" + escape(value));
    return this;
  }

  /** Adds {@code name=value} in decimal. */
  public OptionList add(String name, long value) {
    return add(name, Long.toString(value));
  }

  /** Adds {@code name=on} or {@code name=off}. */
  public OptionList add(String name, boolean value) {
    return add(name, value ? "on" : "off");
  }

  /** Adds a bare value in the middle, such as a chardev's {@code tty}. */
  public OptionList add(String value) {
    parts.add(escape(value));
    return this;
  }

  /** Doubles the commas of a value. */
  public static String escape(String value) {
    return value.replace(",", ",,");
  }

  private static String name(String name) {
    if (name.isEmpty() || name.indexOf(',') >= 0 || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException("'" + name + "' cannot be the name of an option");
    }
    return name;
  }

  /** The argument itself. */
  @Override
  public String toString() {
    return String.join(",", parts);
  }
}
