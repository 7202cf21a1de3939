package launcher.drivers.qemu.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of x86 models that {@code host-model} chooses from, against QEMU's own word. */
class CpuModelsIT {
  private static final Path BINARY = Path.of("/usr/bin/qemu-system-x86_64");
  private static final String TABLE = "/launcher/drivers/qemu/cpu/x86-models.txt";

  @TempDir Path folder = Path.of(".");

  @Test
  void everyFeatureOfEveryModelIsQemus() throws IOException {
    assumeTrue(Files.isExecutable(BINARY), BINARY + " is not installed");
    List<String> command =
        List.of(BINARY.toString(), "-S", "-nodefaults", "-display", "none", "-machine", "none");
    try (LiveQemu qemu = LiveQemu.start(command, folder.resolve("errors"))) {
      assertTrue(qemu.greets(), qemu.complaint());
      Map<String, Set<String>> unavailable = definitions(qemu);
      List<String> wrong = new ArrayList<>();
      int compared = 0;
      for (String line : table()) {
        List<String> words = List.of(line.split(" "));
        String name = words.get(0);
        if (unavailable.containsKey(name)) {
          compared++;
          JsonObject model = expand(qemu, name);
          if (!model.string("vendor", "").equals(words.get(1))) {
            wrong.add(name + " is not of " + words.get(1));
          }
          for (String feature : words.subList(2, words.size())) {
            // what TCG cannot do is off here, but QEMU must know it
            boolean on = model.bool(feature, false) || unavailable.get(name).contains(feature);
            if (!on) {
              wrong.add(name + " has no " + feature);
            }
          }
        }
      }
      assertTrue(compared > 30, "only " + compared + " models are known to this QEMU");
      assertEquals(List.of(), wrong);
    }
  }

  private static List<String> table() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(CpuModelsIT.class.getResourceAsStream(TABLE), TABLE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> !l.startsWith("#"))
          .toList();
    }
  }

  private static Map<String, Set<String>> definitions(LiveQemu qemu) {
    Map<String, Set<String>> found = new HashMap<>();
    if (qemu.ask("query-cpu-definitions", Map.of()).orElse(List.of()) instanceof List<?> all) {
      for (Object item : all) {
        if (item instanceof JsonObject model) {
          found.put(model.string("name", ""), Set.copyOf(model.strings("unavailable-features")));
        }
      }
    }
    return found;
  }

  private static JsonObject expand(LiveQemu qemu, String name) {
    Optional<Object> answer =
        qemu.ask(
            "query-cpu-model-expansion", Map.of("type", "full", "model", Map.of("name", name)));
    return answer.orElse(JsonObject.EMPTY) instanceof JsonObject expanded
        ? expanded.object("model").object("props")
        : JsonObject.EMPTY;
  }
}
