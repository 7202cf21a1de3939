package launcher.cli;

/** Lines of {@code Label: value} as virsh prints them, the values in one column. */
public final class Labels {
  private final StringBuilder text = new StringBuilder();
  private final int width;

  /** Labels padded to that width, colon included; virsh has 15 for guests and networks. */
  public Labels(int width) {
    this.width = width;
  }

  /** Adds a line. */
  public Labels line(String label, String value) {
    text.append(label).append(':').repeat(' ', Math.max(0, width - label.length() - 1));
    text.append(' ').append(Table.printable(value)).append('\n');
    return this;
  }

  /** The lines and an empty one. */
  @Override
  public String toString() {
    return text + "\n";
  }
}
