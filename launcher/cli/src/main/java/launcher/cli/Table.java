package launcher.cli;

import launcher.control.TextTable;

/** A table as virsh prints it. */
public final class Table {
  private final TextTable table;

  /** A table with these column titles. */
  public Table(String... titles) {
    table = new TextTable(titles);
  }

  /** Adds a row with as many cells as there are titles. */
  public Table row(String... cells) {
    table.row(cells);
    return this;
  }

  @Override
  public String toString() {
    return table.toString();
  }

  /** Control characters are shown as \\xNN (as virsh does), so that a name cannot forge a row. */
  static String printable(String cell) {
    return TextTable.printable(cell);
  }
}
