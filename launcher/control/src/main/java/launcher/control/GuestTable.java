package launcher.control;

import java.util.ArrayList;
import java.util.List;
import launcher.control.Json.Members;

/**
 * The table of {@code list}. The daemon makes it, whose compiled code is warm: a command that reads
 * a thousand rows as JSON and lays them out takes as long again as it lives.
 *
 * @param titled with the guests' titles
 * @param saved whether a guest with a saved state is shown as {@code saved}
 */
public record GuestTable(boolean titled, boolean saved) {

  /** The table of these rows, which have {@code id, name, state …} as the verb's answer has. */
  public String of(List<Members> guests) {
    TextTable table =
        titled
            ? new TextTable("Id", "Name", "State", "Title")
            : new TextTable("Id", "Name", "State");
    for (Members guest : ordered(guests)) {
      String id = guest.findWhole("id").map(String::valueOf).orElse("-");
      if (titled) {
        table.row(id, guest.text("name"), state(guest), guest.findText("title").orElse(""));
      } else {
        table.row(id, guest.text("name"), state(guest));
      }
    }
    return table.toString();
  }

  /** As virsh has it: those with an id by their ids, then the others as they are. */
  public static List<Members> ordered(List<Members> guests) {
    List<Members> ordered = new ArrayList<>(guests);
    ordered.sort((one, other) ->
        Long.compare(
            one.findWhole("id").orElse(Long.MAX_VALUE),
            other.findWhole("id").orElse(Long.MAX_VALUE)));
    return ordered;
  }

  private String state(Members guest) {
    String state = guest.text("state");
    if (saved && guest.isTrue("managedSave") && state.equals("shut off")) {
      return "saved";
    }
    return guest.members().containsKey("answering") && !guest.isTrue("answering")
        ? state + " (not answering)"
        : state;
  }
}
