package launcher.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import launcher.control.ControlException;
import org.junit.jupiter.api.Test;

/** The forms that virsh prints (seen from virsh 9.0, LC_ALL=C). */
class OutputFormsTest {
  @Test
  void tablesLookAsVirshs() {
    Table table =
        new Table("Id", "Name", "State").row("1", "test", "running").row("-", "b", "shut off");
    assertEquals(
        """
         Id   Name   State
        -----------------------
         1    test   running
         -    b      shut off

        """,
        table.toString());
  }

  @Test
  void anEmptyTableHasItsTitles() {
    assertEquals(
        " Name   Creation Time   State\n-------------------------------\n\n",
        new Table("Name", "Creation Time", "State").toString());
  }

  @Test
  void aNameCannotForgeARow() {
    String text = new Table("Name").row("a\n 1 b\u001b[2J").toString();
    assertEquals(" Name\n-------------------\n a\\x0a 1 b\\x1b[2J\n\n", text);
  }

  @Test
  void labelsStandInOneColumn() {
    assertEquals(
        "Id:             1\nSecurity model: none\n\n",
        new Labels(15).line("Id", "1").line("Security model", "none").toString());
  }

  @Test
  void sizesHaveUnits() {
    assertEquals(2L << 30, Sizes.bytes("size", "2GiB", 1024));
    assertEquals(2_000_000_000L, Sizes.bytes("size", "2GB", 1024));
    assertEquals(524_288L, Sizes.bytes("size", "512", 1024));
    assertEquals(7L, Sizes.bytes("size", "7b", 1024));
    for (String wrong : new String[] {"", "x", "-1", "5Q", "99999999999E"}) {
      assertThrows(ControlException.class, () -> Sizes.bytes("size", wrong, 1024));
    }
  }
}
