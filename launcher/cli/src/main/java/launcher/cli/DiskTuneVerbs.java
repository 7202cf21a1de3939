package launcher.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs about the traffic of a guest's disks: its limits, its failures, its reach. */
final class DiskTuneVerbs implements VerbFamily {
  private static final String GROUP = "group_name";

  // A method and not a constant: every command makes every family, few use this one.
  private static List<String> limits() {
    return List.of(
        "total_bytes_sec",
        "read_bytes_sec",
        "write_bytes_sec",
        "total_iops_sec",
        "read_iops_sec",
        "write_iops_sec",
        "total_bytes_sec_max",
        "read_bytes_sec_max",
        "write_bytes_sec_max",
        "total_iops_sec_max",
        "read_iops_sec_max",
        "write_iops_sec_max",
        "size_iops_sec",
        GROUP,
        "total_bytes_sec_max_length",
        "read_bytes_sec_max_length",
        "write_bytes_sec_max_length",
        "total_iops_sec_max_length",
        "read_iops_sec_max_length",
        "write_iops_sec_max_length");
  }

  @Override
  public String title() {
    return "Traffic of disks";
  }

  @Override
  public List<String> names() {
    return List.of("blkdeviotune", "domblkerror", "domblkthreshold");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "blkdeviotune" -> limitVerb(name);
      case "domblkerror" ->
          new Verb(name, "show which disks of a guest have failed", DiskTuneVerbs::errors)
              .operand(Requests.DOMAIN);
      case "domblkthreshold" ->
          new Verb(
                  name,
                  "tell by an event when a disk's image is written beyond a byte",
                  DiskTuneVerbs::threshold)
              .operand(Requests.DOMAIN)
              .operand("dev")
              .operand("threshold");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb limitVerb(String name) {
    Verb verb =
        Scopes.options(
            new Verb(name, "show or change the limits of a disk's traffic", DiskTuneVerbs::tune)
                .operand(Requests.DOMAIN)
                .operand("device"));
    for (String limit : limits()) {
      verb.option(option(limit), limit.equals(GROUP) ? "name" : "number", meaning(limit));
    }
    return verb;
  }

  private static String option(String limit) {
    return limit.replace('_', '-');
  }

  private static String meaning(String limit) {
    if (limit.equals(GROUP)) {
      return "of the disks that share these limits";
    }
    if (limit.endsWith("length")) {
      return "seconds that the highest rate may last";
    }
    if (limit.equals("size_iops_sec")) {
      return "bytes that count as one operation";
    }
    return isInBytes(limit)
        ? "bytes a second, or with a unit as 10M; 0 for no limit"
        : "operations a second; 0 for no limit";
  }

  private static boolean isInBytes(String limit) {
    return limit.contains("bytes") && !limit.endsWith("length");
  }

  private static Outcome tune(Invocation in) throws IOException {
    Map<String, Object> wanted = new LinkedHashMap<>();
    for (String limit : limits()) {
      Optional<String> said = in.value(option(limit));
      if (said.isPresent()) {
        wanted.put(limit, limit.equals(GROUP) ? said.get() : amount(limit, said.get()));
      }
    }
    refuseBoth(wanted);
    Members disk =
        Requests.guest(in).with(Json.object("device", in.operand("device"))).with(Scopes.of(in));
    if (!wanted.isEmpty()) {
      return Requests.say(in, "set-blkdeviotune", disk.with(Json.object("limits", wanted)), "");
    }
    return Requests.print(in, "blkdeviotune", disk, reply -> text(Requests.members(reply)));
  }

  private static long amount(String limit, String text) {
    String option = "--" + option(limit);
    return isInBytes(limit) ? Sizes.bytes(option, text, 1) : Numbers.whole(option, text, 0);
  }

  /** A rate of all together, or one of each way. */
  private static void refuseBoth(Map<String, Object> wanted) {
    for (String limit : wanted.keySet()) {
      String rest = limit.replaceFirst("^total_", "");
      for (String way : List.of("read_", "write_")) {
        if (!rest.equals(limit) && positive(wanted, limit) && positive(wanted, way + rest)) {
          throw new ControlException(
              Outcome.USAGE, limit + " limits both ways: leave " + way + rest + " out");
        }
      }
    }
  }

  private static boolean positive(Map<String, Object> wanted, String limit) {
    return wanted.get(limit) instanceof Long number && number > 0;
  }

  private static String text(Members all) {
    StringBuilder text = new StringBuilder();
    for (String limit : limits()) {
      String value = Table.printable(Requests.cell(all, limit, limit.equals(GROUP) ? "" : "0"));
      text.append(limit).repeat(' ', Math.max(0, 15 - limit.length()));
      text.append(": ").append(value).append('\n');
    }
    return text.append('\n').toString();
  }

  private static Outcome errors(Invocation in) throws IOException {
    return Requests.print(
        in,
        "domblkerror",
        Requests.guest(in),
        reply -> {
          Members errors = Requests.members(reply);
          StringBuilder text = new StringBuilder();
          for (String disk : errors.members().keySet()) {
            text.append(disk).append(": ").append(errors.text(disk)).append('\n');
          }
          return (text.isEmpty() ? "No errors found\n" : text.toString()) + "\n";
        });
  }

  private static Outcome threshold(Invocation in) throws IOException {
    long bytes = Sizes.bytes("threshold", in.operand("threshold"), 1);
    Members which = Json.object("device", in.operand("dev"), "bytes", bytes);
    return Requests.say(in, "domblkthreshold", Requests.guest(in).with(which), "");
  }
}
