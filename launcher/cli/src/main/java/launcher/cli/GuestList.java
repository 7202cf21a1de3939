package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import launcher.control.GuestTable;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The verb {@code list}. The daemon filters and lays out; this prints. */
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
          "without-managed-save",
          "with-snapshot",
          "without-snapshot",
          "with-checkpoint",
          "without-checkpoint");

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
            "form", in.options().json() || !columns(in).isEmpty() ? "rows" : "table",
            "saved", in.flag("managed-save"),
            "states", chosen,
            "filters", FILTERS.stream().filter(in::flag).toList());
    return Requests.print(in, "list", which, reply -> text(in, reply));
  }

  private static List<String> columns(Invocation in) {
    return Stream.of("uuid", "name", "id").filter(in::flag).toList();
  }

  private static String text(Invocation in, Json reply) {
    if (reply instanceof Json.Text(String text)) {
      return text;
    }
    List<Members> guests = GuestTable.ordered(Requests.rows(reply));
    List<String> columns = columns(in);
    return columns.isEmpty()
        ? new GuestTable(in.flag("title"), in.flag("managed-save")).of(guests)
        : plain(guests, columns);
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
}
