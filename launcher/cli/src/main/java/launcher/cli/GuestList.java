package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The verb {@code list}. The daemon filters; this prints. */
final class GuestList {
  private static final List<String> STATES =
      List.of("state-running", "state-paused", "state-shutoff", "state-other");
  private static final List<String> FILTERS =
      List.of(
          "persistent",
          "transient",
          "autostart",
          "no-autostart",
          "with-managed-save",
          "without-managed-save");

  private GuestList() {}

  static Verb verb() {
    Verb verb =
        new Verb("list", "list guests", GuestList::run)
            .flag("all", "those that are shut off too")
            .flag("inactive", "those that are shut off only")
            .flag("name", "names only")
            .flag("uuid", "UUIDs only")
            .flag("id", "ids only")
            .flag("title", "with their titles")
            .flag("table", "as a table (so anyway)")
            .flag("managed-save", "show who has a saved state as 'saved'");
    STATES.forEach(state -> verb.flag(state, "those in that state"));
    FILTERS.forEach(filter -> verb.flag(filter, "those only"));
    return verb;
  }

  private static Outcome run(Invocation in) throws IOException {
    List<String> chosen = new ArrayList<>();
    STATES.stream()
        .filter(in::flag)
        .forEach(state -> chosen.add(state.substring("state-".length())));
    Members which =
        Json.object(
            "all", in.flag("all"),
            "inactive", in.flag("inactive"),
            "details", in.options().json() || in.flag("managed-save"),
            "titles", in.flag("title"),
            "states", chosen,
            "filters", FILTERS.stream().filter(in::flag).toList());
    return Requests.print(in, "list", which, reply -> text(in, ordered(Requests.rows(reply))));
  }

  private static String text(Invocation in, List<Members> guests) {
    List<String> columns = new ArrayList<>();
    for (String column : List.of("uuid", "name", "id")) {
      if (in.flag(column)) {
        columns.add(column);
      }
    }
    return columns.isEmpty() ? table(in, guests) : plain(guests, columns);
  }

  private static String plain(List<Members> guests, List<String> columns) {
    StringBuilder text = new StringBuilder();
    for (Members guest : guests) {
      String separator = "";
      for (String column : columns) {
        text.append(separator).append(Table.printable(Requests.cell(guest, column, "-")));
        separator = " ";
      }
      text.append('\n');
    }
    return text.append('\n').toString();
  }

  /** As virsh has it: those with an id by their ids, then the others by their names. */
  private static List<Members> ordered(List<Members> guests) {
    List<Members> ordered = new ArrayList<>(guests);
    ordered.sort((one, other) ->
        Long.compare(
            one.findWhole("id").orElse(Long.MAX_VALUE),
            other.findWhole("id").orElse(Long.MAX_VALUE)));
    return ordered;
  }

  private static String table(Invocation in, List<Members> guests) {
    boolean titled = in.flag("title");
    Table table =
        titled ? new Table("Id", "Name", "State", "Title") : new Table("Id", "Name", "State");
    for (Members guest : guests) {
      String id = Requests.cell(guest, "id", "-");
      String name = guest.text("name");
      String state = state(in, guest);
      if (titled) {
        table.row(id, name, state, Requests.cell(guest, "title", ""));
      } else {
        table.row(id, name, state);
      }
    }
    return table.toString();
  }

  private static String state(Invocation in, Members guest) {
    String state = guest.text("state");
    if (in.flag("managed-save") && guest.isTrue("managedSave") && state.equals("shut off")) {
      return "saved";
    }
    return guest.members().containsKey("answering") && !guest.isTrue("answering")
        ? state + " (not answering)"
        : state;
  }
}
