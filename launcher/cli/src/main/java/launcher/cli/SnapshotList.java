package launcher.cli;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The verb {@code snapshot-list}: filters and prints, as a table or a tree. */
final class SnapshotList {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z", Locale.ROOT);

  private SnapshotList() {}

  static Verb verb() {
    return new Verb("snapshot-list", "list a guest's snapshots", SnapshotList::run)
        .operand(Requests.DOMAIN)
        .flag("parent", "with the snapshot each was taken after")
        .flag("tree", "as a tree")
        .flag("name", "names only")
        .flag("roots", "those taken after no other")
        .flag("leaves", "those after which none was taken")
        .flag("no-leaves", "those after which one was taken")
        .flag("metadata", "those that are remembered (all are)")
        .flag("inactive", "those of a guest that was off")
        .flag("active", "those with the memory")
        .flag("disk-only", "those of the disks of a running guest")
        .flag("internal", "those inside images")
        .flag("external", "those with new images")
        .option("from", "snapshot", "those taken after that one")
        .flag("current", "those taken after the current one")
        .flag("descendants", "with --from or --current, all the way down")
        .flag("topological", "parents before their children");
  }

  static List<Members> children(List<Members> all, String name) {
    return all.stream()
        .filter(one -> one.findText("parent").filter(name::equals).isPresent())
        .toList();
  }

  static List<Members> descendants(List<Members> all, String name) {
    List<Members> found = new ArrayList<>();
    for (Members child : children(all, name)) {
      found.add(child);
      found.addAll(descendants(all, child.text("name")));
    }
    return found;
  }

  private static Outcome run(Invocation in) throws IOException {
    Json reply = in.session().client().ask("snapshot-list", Requests.guest(in));
    List<Members> all = Requests.rows(reply);
    List<Members> shown = shown(in, all);
    if (in.options().json()) {
      in.output().json(Json.of(shown));
    } else {
      in.output().text(text(in, shown));
    }
    return Outcome.DONE;
  }

  private static List<Members> shown(Invocation in, List<Members> all) {
    List<Members> chosen = new ArrayList<>(in.flag("topological") ? topological(all) : all);
    Optional<String> from = from(in, all);
    from.ifPresent(name ->
        chosen.retainAll(
            in.flag("descendants") || in.flag("tree")
                ? descendants(all, name)
                : children(all, name)));
    chosen.removeIf(one -> !fits(in, all, one));
    return chosen;
  }

  private static Optional<String> from(Invocation in, List<Members> all) {
    if (in.flag("current")) {
      return Optional.of(
          all.stream()
              .filter(one -> one.isTrue("current"))
              .findFirst()
              .orElseThrow(() ->
                  new ControlException(
                      Outcome.NOT_FOUND,
                      "guest '" + in.operand(Requests.DOMAIN) + "' has no current snapshot"))
              .text("name"));
    }
    Optional<String> from = in.value("from");
    from.filter(name -> all.stream().noneMatch(one -> one.text("name").equals(name)))
        .ifPresent(name -> {
          throw new ControlException(
              Outcome.NOT_FOUND,
              "guest '" + in.operand(Requests.DOMAIN) + "' has no snapshot '" + name + "'");
        });
    return from;
  }

  private static boolean fits(Invocation in, List<Members> all, Members one) {
    boolean root = one.findText("parent").isEmpty();
    boolean leaf = children(all, one.text("name")).isEmpty();
    boolean memory = one.isTrue("memory");
    boolean external = one.text("location").equals("external");
    boolean place = in.flag("internal") || in.flag("external");
    boolean kind = in.flag("inactive") || in.flag("active") || in.flag("disk-only");
    boolean ofKind =
        in.flag("inactive") && one.text("state").equals("shutoff")
            || in.flag("active") && memory
            || in.flag("disk-only") && one.text("state").equals("disk-snapshot");
    boolean atPlace = in.flag("external") && external || in.flag("internal") && !external;
    return (!in.flag("roots") || root)
        && (!in.flag("leaves") || leaf)
        && (!in.flag("no-leaves") || !leaf)
        && (!place || atPlace)
        && (!kind || ofKind);
  }

  private static List<Members> topological(List<Members> all) {
    List<Members> sorted = new ArrayList<>();
    for (Members one : all) {
      boolean root =
          one.findText("parent")
              .filter(parent -> all.stream().anyMatch(o -> o.text("name").equals(parent)))
              .isEmpty();
      if (root) {
        sorted.add(one);
        sorted.addAll(descendants(all, one.text("name")));
      }
    }
    return sorted;
  }

  private static String text(Invocation in, List<Members> shown) {
    if (in.flag("tree")) {
      return tree(shown);
    }
    if (in.flag("name")) {
      StringBuilder names = new StringBuilder();
      shown.forEach(one -> names.append(Table.printable(one.text("name"))).append('\n'));
      return names.append('\n').toString();
    }
    boolean parents = in.flag("parent");
    Table table =
        parents
            ? new Table("Name", "Creation Time", "State", "Parent")
            : new Table("Name", "Creation Time", "State");
    for (Members one : shown) {
      String time =
          Instant.ofEpochSecond(one.findWhole("created").orElse(0L))
              .atZone(ZoneId.systemDefault())
              .format(TIME);
      if (parents) {
        table.row(one.text("name"), time, one.text("state"), Requests.cell(one, "parent", ""));
      } else {
        table.row(one.text("name"), time, one.text("state"));
      }
    }
    return table.toString();
  }

  private static String tree(List<Members> shown) {
    StringBuilder text = new StringBuilder();
    for (Members one : shown) {
      boolean root =
          one.findText("parent")
              .filter(parent -> shown.stream().anyMatch(o -> o.text("name").equals(parent)))
              .isEmpty();
      if (root) {
        text.append(Table.printable(one.text("name"))).append('\n');
        branches(text, shown, one, "");
        text.append('\n');
      }
    }
    return text.toString();
  }

  // virsh's picture: two blanks and a bar above each branch, and an empty line where one ends
  private static void branches(
      StringBuilder text, List<Members> shown, Members parent, String indentation) {
    List<Members> children = children(shown, parent.text("name"));
    String inner = indentation + "  ";
    if (!children.isEmpty()) {
      text.append(inner).append("|\n");
    }
    for (int i = 0; i < children.size(); i++) {
      Members child = children.get(i);
      boolean last = i == children.size() - 1;
      text.append(inner).append("+- ").append(Table.printable(child.text("name"))).append('\n');
      branches(text, shown, child, inner + (last ? "  " : "| "));
      if (last && children(shown, child.text("name")).isEmpty()) {
        text.append(inner).append("  \n");
      }
    }
  }
}
