package launcher.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs that tell how much a guest's disks and network cards hold and carry. */
final class UsageVerbs implements VerbFamily {
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");

  /** virsh's name, its words for people, and the name among a guest's statistics. */
  private record Counter(String name, String words, String statistic) {}

  // Methods and not constants: every command makes every family, few use this one.
  private static List<Counter> ofDisks() {
    return List.of(
        new Counter("rd_req", "number of read operations:", "rd.reqs"),
        new Counter("rd_bytes", "number of bytes read:", "rd.bytes"),
        new Counter("wr_req", "number of write operations:", "wr.reqs"),
        new Counter("wr_bytes", "number of bytes written:", "wr.bytes"),
        new Counter("flush_operations", "number of flush operations:", "fl.reqs"),
        new Counter("rd_total_times", "total duration of reads (ns):", "rd.times"),
        new Counter("wr_total_times", "total duration of writes (ns):", "wr.times"),
        new Counter("flush_total_times", "total duration of flushes (ns):", "fl.times"));
  }

  private static Map<String, String> ofCards() {
    Map<String, String> names = new LinkedHashMap<>();
    for (String way : List.of("rx", "tx")) {
      names.put(way + "_bytes", way + ".bytes");
      names.put(way + "_packets", way + ".pkts");
      names.put(way + "_errs", way + ".errs");
      names.put(way + "_drop", way + ".drop");
    }
    return names;
  }

  @Override
  public String title() {
    return "Use of disks and network cards";
  }

  @Override
  public List<String> names() {
    return List.of("domblkinfo", "domblkstat", "domifstat");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "domblkinfo" ->
          new Verb(name, "show how large a disk is, and how much of it is used", UsageVerbs::sizes)
              .operand(Requests.DOMAIN)
              .optionalOperand("device")
              .flag("human", "with units")
              .flag("all", "all disks");
      case "domblkstat" ->
          new Verb(name, "show what a disk has read and written", UsageVerbs::disk)
              .operand(Requests.DOMAIN)
              .optionalOperand("device")
              .flag("human", "in words");
      case "domifstat" ->
          new Verb(name, "show what a network card has carried", UsageVerbs::card)
              .operand(Requests.DOMAIN)
              .operand("interface");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Outcome sizes(Invocation in) throws IOException {
    Optional<String> device = in.findOperand("device");
    if (device.isPresent() == in.flag("all")) {
      throw new ControlException(Outcome.USAGE, "'domblkinfo' needs <device> or --all");
    }
    Members which = Requests.guest(in).with(Json.object("device", device));
    boolean human = in.flag("human");
    return Requests.print(
        in, "domblkinfo", which, reply -> in.flag("all") ? table(reply, human) : one(reply, human));
  }

  private static String table(Json reply, boolean human) {
    Table table = new Table("Target", "Capacity", "Allocation", "Physical");
    for (Members disk : Requests.rows(reply)) {
      table.row(
          Requests.cell(disk, "target", "-"),
          size(disk, "capacity", human),
          size(disk, "allocation", human),
          size(disk, "physical", human));
    }
    return table.toString();
  }

  private static String one(Json reply, boolean human) {
    Members disk = Requests.rows(reply).getFirst();
    return new Labels(15)
        .line("Capacity", size(disk, "capacity", human))
        .line("Allocation", size(disk, "allocation", human))
        .line("Physical", size(disk, "physical", human))
        .toString();
  }

  private static String size(Members disk, String member, boolean human) {
    Optional<Long> bytes = disk.findWhole(member);
    if (bytes.isEmpty()) {
      return "-";
    }
    if (!human) {
      return bytes.get().toString();
    }
    double size = bytes.get();
    int unit = 0;
    while (size >= 1024 && unit < UNITS.size() - 1) {
      size /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.3f %s", size, UNITS.get(unit));
  }

  /** What a guest that runs has used, under the names of domstats. */
  static Members statistics(Invocation in) throws IOException {
    String guest = in.operand(Requests.DOMAIN);
    Json reply = in.session().client().ask("domstats", Json.object("guests", List.of(guest)));
    Members stats = Requests.rows(reply).getFirst().object("stats");
    if (Requests.cell(stats, "state.state", "").equals("shut off")) {
      throw new ControlException(Outcome.WRONG_STATE, "guest '" + guest + "' is not running");
    }
    return stats;
  }

  private static Outcome disk(Invocation in) throws IOException {
    Members stats = statistics(in);
    Optional<String> device = in.findOperand("device");
    long count = stats.findWhole("block.count").orElse(0L);
    Map<Counter, Long> sums = new LinkedHashMap<>();
    boolean found = false;
    for (long i = 0; i < count; i++) {
      String prefix = "block." + i + ".";
      boolean wanted =
          device.isEmpty()
              || stats.findText(prefix + "name").equals(device)
              || stats.findText(prefix + "path").equals(device);
      found |= wanted;
      for (Counter counter : ofDisks()) {
        Optional<Long> value = stats.findWhole(prefix + counter.statistic());
        if (wanted && value.isPresent()) {
          sums.merge(counter, value.get(), Long::sum);
        }
      }
    }
    if (!found) {
      throw new ControlException(
          Outcome.NOT_FOUND,
          "guest '" + in.operand(Requests.DOMAIN) + "' has no disk '" + device.orElse("") + "'");
    }
    return show(in, device.orElse(""), sums);
  }

  private static Outcome show(Invocation in, String device, Map<Counter, Long> sums) {
    if (in.options().json()) {
      Map<String, Long> plain = new LinkedHashMap<>();
      sums.forEach((counter, sum) -> plain.put(counter.name(), sum));
      in.output().json(Json.of(plain));
      return Outcome.DONE;
    }
    StringBuilder text = new StringBuilder();
    if (in.flag("human")) {
      text.append("Device: ").append(Table.printable(device)).append('\n');
      sums.forEach((counter, sum) ->
          text.append(String.format(Locale.ROOT, " %-31s %d%n", counter.words(), sum)));
    } else {
      sums.forEach((counter, sum) ->
          text.append(Table.printable(device))
              .append(' ')
              .append(counter.name())
              .append(' ')
              .append(sum)
              .append('\n'));
    }
    in.output().text(text.append('\n').toString());
    return Outcome.DONE;
  }

  private static Outcome card(Invocation in) throws IOException {
    Members stats = statistics(in);
    String wanted = in.operand("interface");
    Json cards = in.session().client().ask("domiflist", Requests.guest(in));
    List<Members> rows = Requests.rows(cards);
    for (int i = 0; i < rows.size(); i++) {
      String link = Requests.cell(rows.get(i), "interface", "");
      boolean same =
          link.equals(wanted) || Requests.cell(rows.get(i), "mac", "").equalsIgnoreCase(wanted);
      if (same) {
        return counters(in, link, stats, "net." + i + ".");
      }
    }
    throw new ControlException(
        Outcome.NOT_FOUND,
        "guest '" + in.operand(Requests.DOMAIN) + "' has no network card '" + wanted + "'");
  }

  private static Outcome counters(Invocation in, String link, Members stats, String prefix) {
    Map<String, Long> counters = new LinkedHashMap<>();
    ofCards()
        .forEach((name, statistic) ->
            stats.findWhole(prefix + statistic).ifPresent(value -> counters.put(name, value)));
    if (counters.isEmpty()) {
      throw new ControlException(
          Outcome.FAILED,
          "'" + in.operand("interface") + "' has no link on the host that counts anything");
    }
    if (in.options().json()) {
      in.output().json(Json.of(counters));
      return Outcome.DONE;
    }
    StringBuilder text = new StringBuilder();
    counters.forEach((name, value) ->
        text.append(link).append(' ').append(name).append(' ').append(value).append('\n'));
    in.output().text(text.append('\n').toString());
    return Outcome.DONE;
  }
}
