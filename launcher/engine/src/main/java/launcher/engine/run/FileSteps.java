package launcher.engine.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import launcher.drivers.plan.FileStep;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.FileTree;

/** Carries out steps on files and takes them back. */
final class FileSteps {
  private FileSteps() {}

  static void carryOut(FileStep step) throws IOException {
    switch (step) {
      case FileStep.MakeDirectory(Path path, int permissions, boolean keep) -> {
        AtomicFile.folder(path, permissions);
        if (!keep) {
          Files.setPosixFilePermissions(path, AtomicFile.permissions(permissions));
        }
      }
      case FileStep.WriteFile(Path path, String content, int permissions) ->
          AtomicFile.write(path, content.getBytes(StandardCharsets.UTF_8), permissions);
      case FileStep.CreateFile(Path path, int permissions, boolean keep) -> {
        if (!Files.exists(path)) {
          AtomicFile.write(path, new byte[0], permissions);
        }
      }
      case FileStep.CopyMissing(Path path, Path source, int permissions) -> {
        if (!Files.exists(path)) {
          AtomicFile.write(path, Files.readAllBytes(source), permissions);
        }
      }
      case FileStep.Require(Path path, String what) -> {
        if (!Files.exists(path)) {
          throw new NoSuchFileException(path.toString());
        }
        if (!Files.isReadable(path)) {
          throw new AccessDeniedException(path.toString());
        }
      }
    }
  }

  /** Takes a step back, whether it was carried out or not. */
  static void undo(FileStep step) throws IOException {
    switch (step) {
      case FileStep.MakeDirectory(Path path, int permissions, boolean keep) -> {
        if (!keep) {
          FileTree.remove(path);
        }
      }
      case FileStep.WriteFile(Path path, String content, int permissions) ->
          Files.deleteIfExists(path);
      case FileStep.CreateFile(Path path, int permissions, boolean keep) -> {
        if (!keep) {
          Files.deleteIfExists(path);
        }
      }
      case FileStep.CopyMissing copied -> {
        // lasting by intention
      }
      case FileStep.Require required -> {
        // nothing was done
      }
    }
  }

  /** The reason of a failure in words; Java's exceptions often hold the path alone. */
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "'" + missing.getFile() + "' does not exist";
      case AccessDeniedException denied -> "'" + denied.getFile() + "' may not be accessed";
      default -> String.valueOf(e.getMessage());
    };
  }
}
