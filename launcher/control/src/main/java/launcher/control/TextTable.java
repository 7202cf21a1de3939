package launcher.control;

import java.util.ArrayList;
import java.util.List;

/**
 * A table as virsh prints it: a leading blank, columns three blanks apart, a dashed line of the
 * full width, an empty line at the end.
 */
public final class TextTable {
  private final List<String> titles;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these column titles. */
  public TextTable(String... titles) {
    this.titles = List.of(titles);
  }

  /** Adds a row with as many cells as there are titles. */
  public TextTable row(String... cells) {
    List<String> row = new ArrayList<>(cells.length);
    for (String cell : cells) {
      row.add(printable(cell));
    }
    rows.add(row);
    return this;
  }

  @Override
  public String toString() {
    int[] widths = widths();
    int total = 3 * widths.length;
    for (int width : widths) {
      total += width;
    }
    StringBuilder text = new StringBuilder((rows.size() + 3) * (total + 1));
    append(text, titles, widths);
    text.repeat('-', total).append('\n');
    rows.forEach(row -> append(text, row, widths));
    return text.append('\n').toString();
  }

  private int[] widths() {
    int[] widths = new int[titles.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = width(titles.get(column));
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
    }
    return widths;
  }

  private static void append(StringBuilder text, List<String> cells, int[] widths) {
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      text.append(column == 0 ? " " : "   ").append(cell);
      if (column < cells.size() - 1) {
        text.repeat(' ', widths[column] - width(cell));
      }
    }
    text.append('\n');
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  /** Control characters are shown as \\xNN (as virsh does), so that a name cannot forge a row. */
  public static String printable(String cell) {
    for (int i = 0; i < cell.length(); i++) {
      if (Character.isISOControl(cell.charAt(i))) {
        return escaped(cell);
      }
    }
    return cell;
  }

  private static String escaped(String cell) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < cell.length(); i++) {
      char character = cell.charAt(i);
      if (Character.isISOControl(character)) {
        text.append("\\x").append(Integer.toHexString(0x100 | character).substring(1));
      } else {
        text.append(character);
      }
    }
    return text.toString();
  }
}
