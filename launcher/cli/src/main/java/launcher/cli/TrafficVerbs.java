package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** The verb for limits on what a network card carries. */
final class TrafficVerbs implements VerbFamily {
  private static final List<String> DIRECTIONS = List.of("inbound", "outbound");

  /** virsh's order and width of a label; the last is not kept here, and always 0. */
  private static final List<String> NUMBERS = List.of("average", "peak", "burst", "floor");

  private static final int LABEL = 15;

  @Override
  public String title() {
    return "Limits of network cards";
  }

  @Override
  public List<String> names() {
    return List.of("domiftune");
  }

  @Override
  public Verb verb(String name) {
    return Scopes.options(
            new Verb(name, "show or change what a network card may carry", TrafficVerbs::tune)
                .operand(Requests.DOMAIN)
                .operand("interface"))
        .option(
            "inbound",
            "average,peak,burst",
            "to the guest: kB/s, kB/s, KiB; an average of 0 for no limit")
        .option("outbound", "average,peak,burst", "from the guest");
  }

  private static Outcome tune(Invocation in) throws IOException {
    Members card =
        Requests.guest(in)
            .with(Json.object("interface", in.operand("interface")))
            .with(Scopes.of(in));
    Members limits = Json.object();
    for (String direction : DIRECTIONS) {
      Optional<String> said = in.value(direction);
      if (said.isPresent()) {
        limits = limits.with(Json.object(direction, limit(direction, said.get())));
      }
    }
    return in.value("inbound").isPresent() || in.value("outbound").isPresent()
        ? Requests.say(in, "set-domiftune", card.with(limits), "")
        : Requests.print(in, "domiftune", card, reply -> text(Requests.members(reply)));
  }

  /** {@code average,peak,burst}. */
  static Members limit(String direction, String said) {
    String[] numbers = said.split(",", -1);
    if (numbers.length > NUMBERS.size()
        || numbers.length == NUMBERS.size() && !numbers[NUMBERS.size() - 1].equals("0")) {
      throw new ControlException(
          Outcome.USAGE,
          "--%s takes average,peak,burst; 'floor' is not kept here, not '%s'"
              .formatted(direction, said));
    }
    Members limit = Json.object();
    for (int i = 0; i < Math.min(numbers.length, NUMBERS.size() - 1); i++) {
      if (!numbers[i].isEmpty()) {
        limit =
            limit.with(Json.object(NUMBERS.get(i), Numbers.whole("--" + direction, numbers[i], 0)));
      }
    }
    return limit;
  }

  private static String text(Members limits) {
    StringBuilder text = new StringBuilder();
    for (String direction : DIRECTIONS) {
      for (String name : NUMBERS) {
        if (direction.equals("outbound") && name.equals("floor")) {
          break;
        }
        long value = limits.object(direction).findWhole(name).orElse(0L);
        text.append(String.format("%-" + LABEL + "s: %d%n", direction + "." + name, value));
      }
    }
    return text.append('\n').toString();
  }
}
