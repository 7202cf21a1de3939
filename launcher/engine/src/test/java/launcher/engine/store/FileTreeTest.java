package launcher.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is removed is what lies there, and not what a link leads to. */
final class FileTreeTest {
  private static final int FILES = 40;
  private static final int ROUNDS = 150;

  @TempDir private Path folder;

  private Path filled(String name) throws IOException {
    Path made = Files.createDirectories(folder.resolve(name));
    for (int number = 0; number < FILES; number++) {
      Files.writeString(made.resolve("f" + number), name);
    }
    return made;
  }

  @Test
  void removesEverythingAndFollowsNothing() throws IOException {
    Path kept = filled("kept");
    Path tree = filled("tree/inner").resolveSibling(".").normalize();
    Files.createSymbolicLink(tree.resolve("link"), kept);
    Files.createSymbolicLink(tree.resolve("inner/dangling"), folder.resolve("nowhere"));
    FileTree.remove(tree);
    assertFalse(Files.exists(tree));
    assertTrue(Files.exists(kept.resolve("f0")));
    FileTree.remove(tree);
    Path link = Files.createSymbolicLink(folder.resolve("top"), kept);
    FileTree.remove(link);
    assertTrue(Files.exists(kept.resolve("f0")), "a link is no folder");
  }

  /** As one who may write in it does, while root removes it. */
  @Test
  void aFolderThatBecomesALinkLeadsNowhere() throws Exception {
    Path kept = filled("kept");
    Path tree = folder.resolve("tree");
    for (int round = 0; round < ROUNDS; round++) {
      Path inner = filled("tree/inner");
      Path aside = tree.resolve("aside");
      AtomicBoolean over = new AtomicBoolean();
      Thread racer =
          Thread.ofPlatform()
              .start(() -> {
                while (!over.get()) {
                  swap(inner, aside, kept);
                }
              });
      try {
        FileTree.remove(tree);
      } catch (IOException disturbed) {
        // the racer sees to that; what matters is what is left of the others
      } finally {
        over.set(true);
        racer.join();
      }
      try (Stream<Path> all = Files.list(kept)) {
        assertEquals(FILES, all.count(), "round " + round);
      }
      if (Files.isSymbolicLink(inner)) {
        Files.delete(inner);
      }
      FileTree.remove(tree);
    }
    assertFalse(Files.exists(tree, LinkOption.NOFOLLOW_LINKS));
  }

  private static void swap(Path inner, Path aside, Path kept) {
    try {
      if (Files.isSymbolicLink(inner)) {
        Files.delete(inner);
        Files.move(aside, inner);
      } else {
        Files.move(inner, aside);
        Files.createSymbolicLink(inner, kept);
      }
    } catch (IOException lost) {
      Thread.onSpinWait(); // what is removed cannot be moved
    }
  }
}
