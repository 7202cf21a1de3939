package launcher.spawn.words;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import launcher.spawn.Scheduling;

/** {@code --nice}, {@code --cpus}, {@code --oom-score}, {@code --policy}. */
record SchedulingWords(Map<String, List<String>> values) {
  Scheduling scheduling() {
    Scheduling scheduling = Scheduling.UNCHANGED;
    for (String nice : all("nice")) {
      scheduling = scheduling.withNice(SpawnWords.number("nice", nice));
    }
    for (String score : all("oom-score")) {
      scheduling = scheduling.withOutOfMemoryScore(SpawnWords.number("oom-score", score));
    }
    for (String list : all("cpus")) {
      scheduling =
          scheduling.withProcessors(
              Arrays.stream(list.split(",", -1))
                  .map(number -> SpawnWords.number("cpus", number))
                  .collect(Collectors.toSet()));
    }
    for (String policy : all("policy")) {
      scheduling = withPolicy(scheduling, policy.split(":", 2));
    }
    return scheduling;
  }

  private static Scheduling withPolicy(Scheduling scheduling, String[] words) {
    for (Scheduling.Policy policy : Scheduling.Policy.values()) {
      if (policy.name().toLowerCase(Locale.ROOT).equals(words[0])) {
        return scheduling.withPolicy(
            policy, words.length == 1 ? 0 : SpawnWords.number("policy", words[1]));
      }
    }
    throw new IllegalArgumentException(
        "There is no scheduling policy '" + words[0] + "'; there are other, fifo, rr, batch, idle");
  }

  private List<String> all(String option) {
    return values.getOrDefault(option, List.of());
  }
}
