package launcher.cli;

import java.util.List;

/** Verbs that only containers have. They load other modules, only when they are used. */
final class ContainerVerbs implements VerbFamily {
  @Override
  public String title() {
    return "Containers";
  }

  @Override
  public List<String> names() {
    return List.of("lxc-enter-namespace", "domxml-from-native");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "lxc-enter-namespace" ->
          new Verb(
                  name,
                  "run a program inside a container, and leave with its exit status",
                  in -> new EnterContainer(in).run())
              .operand(Requests.DOMAIN)
              .flag("noseclabel", "under the caller's own security label")
              .option("uid", "number", "as that user of the container")
              .option("gid", "number", "as that group of the container")
              .operands("program");
      case "domxml-from-native" ->
          new Verb(
                  name,
                  "make domain XML of a configuration of LXC's own tools",
                  in -> new FromNative(in).run())
              .operand("format")
              .operand("file");
      default -> throw new IllegalArgumentException(name);
    };
  }
}
