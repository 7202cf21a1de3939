package launcher.cli.install;

import java.util.List;

/** What the command is asked in its training: the everyday verbs, each way of output. */
final class TrainingWords {
  static final List<List<String>> ALL =
      List.of(
          List.of("version"),
          List.of("list"),
          List.of("list", "--all"),
          List.of("list", "--all", "--json"),
          List.of("start", "no-such-guest"),
          List.of("nonsense"));

  private TrainingWords() {}
}
