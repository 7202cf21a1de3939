package launcher.engine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException.Kind;
import launcher.engine.qemu.Processors;
import launcher.engine.run.DeviceMove.Subject;
import launcher.schemas.XmlElement;

/** Which of its processors a guest has, one by one ({@code <vcpus>}). */
record ProcessorChoice(ChangeActs acts) {
  /**
   * Plugs processors in or out.
   *
   * @param numbers of the guest's processors, from 0
   */
  void set(BitSet numbers, boolean present, Scope scope) {
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            "setvcpu",
            text -> {
              XmlElement domain = acts.life().definition().completed();
              refuseMissing(numbers, AmountChanges.processorsAtMost(domain));
              List<Seat> seats = chosen(seats(domain), numbers, present);
              text.change(tree -> write(tree, seats));
            }),
        () -> {
          long most = AmountChanges.processorsAtMost(acts.life().running().live());
          refuseMissing(numbers, most);
          Processors processors = new Processors(acts.guest().name(), acts.guest().qemu());
          new AskedAgain(acts.life())
              .change(
                  Subject.PROCESSORS,
                  () -> numbers.stream().forEach(number -> processors.set(number, present)));
        });
  }

  private void refuseMissing(BitSet numbers, long most) {
    if (numbers.isEmpty() || numbers.length() > most) {
      throw new EngineException(
          Kind.INVALID,
          "guest '"
              + acts.guest().name()
              + "' has the processors 0 to "
              + (most - 1)
              + ", and none beyond");
    }
  }

  /** One processor as it will be at the next start. */
  private record Seat(boolean enabled, boolean hotPluggable) {}

  private static List<Seat> seats(XmlElement domain) {
    List<Seat> seats = new ArrayList<>();
    List<XmlElement> listed = domain.child("vcpus").map(v -> v.children("vcpu")).orElse(List.of());
    listed.forEach(
        cpu -> seats.add(new Seat(cpu.is("enabled", "yes"), !cpu.is("hotpluggable", "no"))));
    if (seats.isEmpty()) {
      long most = AmountChanges.processorsAtMost(domain);
      long current = domain.value("vcpu/@current").map(Long::parseLong).orElse(most);
      for (long number = 0; number < most; number++) {
        // as libvirt has it: those of the start are there for good
        seats.add(new Seat(number < current, number >= current));
      }
    }
    return seats;
  }

  private List<Seat> chosen(List<Seat> before, BitSet numbers, boolean present) {
    List<Seat> seats = new ArrayList<>(before);
    numbers.stream()
        .forEach(number -> {
          if (!present && seats.get(number).enabled() && number == 0) {
            throw new EngineException(
                Kind.INVALID, "guest '" + acts.guest().name() + "' needs its processor 0 to start");
          }
          seats.set(number, new Seat(present, number != 0));
        });
    return seats;
  }

  private static void write(XmlElement domain, List<Seat> seats) {
    long count = seats.stream().filter(Seat::enabled).count();
    current(domain, count, seats.size());
    domain.child("vcpus").ifPresent(XmlElement::detach);
    XmlElement list = domain.childOrAdd("vcpu").addAfter(XmlElement.of("vcpus"));
    for (int number = 0; number < seats.size(); number++) {
      list.add("vcpu")
          .set("id", number)
          .set("enabled", seats.get(number).enabled() ? "yes" : "no")
          .set("hotpluggable", seats.get(number).hotPluggable() ? "yes" : "no");
    }
  }

  /** Says how many it has; without the word it has all. */
  static void current(XmlElement domain, long count, long most) {
    XmlElement vcpu = domain.childOrAdd("vcpu");
    Optional<Long> fewer = count == most ? Optional.empty() : Optional.of(count);
    fewer.ifPresentOrElse(some -> vcpu.set("current", some), () -> vcpu.unset("current"));
  }
}
