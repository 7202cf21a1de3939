package launcher.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed writer leaves, put there by hand at each place where it can be killed. */
final class DefinitionStoreTest {
  @TempDir Path folder;

  private DefinitionStore store() {
    return new DefinitionStore(folder);
  }

  private List<String> loaded() throws IOException {
    return store()
        .load((file, reason) -> {
          throw new AssertionError(file.toString(), reason);
        })
        .stream()
        .map(entry -> entry.name() + ":" + entry.written() + entry.completed().isPresent())
        .toList();
  }

  private List<String> files() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (var all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> names.add(folder.relativize(file).toString()));
    }
    return List.copyOf(names);
  }

  private void put(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.resolveSibling("x").getParent());
    Files.writeString(path, text);
  }

  @Test
  void whatWasCompletedFromAnotherTextOnlyLendsItsAddresses() throws IOException {
    store().save("web1", "<a/>", "<b/>");
    put("web1.xml", "<a2/>");
    List<DefinitionStore.Entry> all =
        store()
            .load((file, reason) -> {
              throw new AssertionError(file.toString(), reason);
            });
    assertEquals(1, all.size());
    assertEquals("<a2/>", all.getFirst().written());
    assertTrue(all.getFirst().completed().isEmpty());
    assertTrue(all.getFirst().previous().orElseThrow().endsWith("<b/>"));
  }

  @Test
  void aDefinitionThatCannotBeWrittenLeavesNothing() throws IOException {
    put("web1.xml/in-the-way", ""); // a folder, which no file replaces
    assertThrows(IOException.class, () -> store().save("web1", "<a/>", "<b/>"));
    assertEquals(List.of("web1.xml/in-the-way"), files());
  }

  @Test
  void aRenamedDefinitionIsWhole() throws IOException {
    store().save("old", "<a/>", "<b/>");
    store().autostart("old", true);
    store().rename("old", "new/../name", "<a2/>", "<b2/>");
    assertEquals(List.of("new%2F..%2Fname:<a2/>true"), loaded());
    assertTrue(store().autostart("new/../name"));
    assertEquals(
        List.of(
            "autostart/new%2F..%2Fname", "completed/new%2F..%2Fname.xml", "new%2F..%2Fname.xml"),
        files());
  }

  @Test
  void aRenamingKilledBeforeTheNewTextGoesBack() throws IOException {
    store().save("old", "<a/>", "<b/>");
    put("renaming/old", "new");
    put("autostart/new", "");
    put("completed/new.xml", "<!-- completed by launcher from sha256:0 --><b2/>");
    put(".4711.tmp", "half a text");
    assertEquals(List.of("old:<a/>true"), loaded());
    assertEquals(List.of("completed/old.xml", "old.xml"), files());
  }

  @Test
  void aRenamingKilledAfterTheNewTextGoesOn() throws IOException {
    store().save("old", "<a/>", "<b/>");
    store().autostart("old", true);
    store().save("new", "<a2/>", "<b2/>");
    store().autostart("new", true);
    put("renaming/old", "new");
    assertEquals(List.of("new:<a2/>true"), loaded());
    assertEquals(List.of("autostart/new", "completed/new.xml", "new.xml"), files());
  }

  @Test
  void whatBelongsToNoDefinitionGoes() throws IOException {
    store().save("kept", "<a/>", "<b/>");
    put("completed/gone.xml", "<b/>");
    put("autostart/gone", "");
    put("completed/.4711.tmp", "half");
    put("autostart/.4711.tmp", "half");
    assertEquals(List.of("kept:<a/>true"), loaded());
    assertEquals(List.of("completed/kept.xml", "kept.xml"), files());
    assertFalse(store().autostart("gone"));
  }

  @Test
  void aRemovalThatWasCutOffIsKnownUntilItIsOver() throws IOException {
    store().save("a", "<a/>", "<b/>");
    store().removing("a", "managed-save nvram");
    assertEquals(1, store().load((file, reason) -> {}).size());
    assertEquals(Optional.of("managed-save nvram"), store().removing("a"));
    store().remove("a");
    assertEquals(Optional.empty(), store().removing("a"));
    // killed after the text had gone: no later guest of that name is removed for it
    store().removing("a", "storage");
    assertEquals(List.of(), store().load((file, reason) -> {}));
    assertEquals(Optional.empty(), store().removing("a"));
  }

  @Test
  void whatIsNoFileKeepsNobodyWaiting() throws Exception {
    store().save("a", "<a/>", "<b/>");
    Process pipe = new ProcessBuilder("mkfifo", folder.resolve("pipe.xml").toString()).start();
    assertEquals(0, pipe.waitFor());
    List<String> unreadable = new ArrayList<>();
    assertEquals(1, store().load((file, reason) -> unreadable.add(reason.getMessage())).size());
    assertEquals(List.of("it is no file"), unreadable);
  }
}
