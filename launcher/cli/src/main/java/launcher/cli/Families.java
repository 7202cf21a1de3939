package launcher.cli;

import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Outcome;

/** All families of verbs, in the order of the help. A new family is one more line here. */
final class Families {
  private static final List<VerbFamily> ALL =
      List.of(
          new LookVerbs(),
          new LifeVerbs(),
          new DefinitionVerbs(),
          new SaveVerbs(),
          new SnapshotVerbs(),
          new BlockJobVerbs(),
          new DeviceVerbs(),
          new PlugVerbs(),
          new TrafficVerbs(),
          new AmountVerbs(),
          new ThreadVerbs(),
          new UsageVerbs(),
          new DiskTuneVerbs(),
          new JobVerbs(),
          new InsideVerbs(),
          new AgentVerbs(),
          new ContainerVerbs(),
          new LimitVerbs(),
          new NetworkLookVerbs(),
          new NetworkVerbs(),
          new NetworkTextVerbs(),
          new GuestsVerbs(),
          new SecretVerbs(),
          new NodeDeviceVerbs(),
          new HostVerbs(),
          new NodeVerbs(),
          new ProgramVerbs());

  private Families() {}

  static List<VerbFamily> all() {
    return ALL;
  }

  static Optional<Verb> find(String name) {
    for (VerbFamily family : ALL) {
      if (family.names().contains(name)) {
        return Optional.of(family.verb(name));
      }
    }
    return Optional.empty();
  }

  /**
   * The verb of that name.
   *
   * @throws ControlException when there is none, with what there is instead
   */
  static Verb get(String name) {
    Optional<Verb> verb = find(name);
    if (verb.isEmpty()) {
      AbsentVerbs.refuse(name);
      throw new ControlException(
          Outcome.USAGE,
          "unknown verb '"
              + name
              + "'"
              + Spelling.hint(name, Help.allNames())
              + "; see 'launcher help'");
    }
    return verb.get();
  }
}
