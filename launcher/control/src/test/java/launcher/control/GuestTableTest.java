package launcher.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import launcher.control.Json.Members;
import org.junit.jupiter.api.Test;

class GuestTableTest {
  private static final List<Members> GUESTS =
      List.of(
          Json.object("id", 7, "name", "a", "state", "running", "title", "the first"),
          Json.object("name", "b\n 8", "state", "shut off", "managedSave", true),
          Json.object("id", 9, "name", "ç", "state", "paused", "answering", false));

  @Test
  void aRowForEachGuestInVirshsForm() {
    assertEquals(
        """
         Id   Name      State
        ----------------------------------------
         7    a         running
         9    ç         paused (not answering)
         -    b\\x0a 8   shut off

        """,
        new GuestTable(false, false).of(GUESTS));
  }

  @Test
  void titlesAndSavedStatesAreShownWhenAskedFor() {
    assertEquals(
        """
         Id   Name      State                    Title
        ----------------------------------------------------
         7    a         running                  the first
         9    ç         paused (not answering)  \s
         -    b\\x0a 8   saved                   \s

        """,
        new GuestTable(true, true).of(GUESTS));
  }
}
