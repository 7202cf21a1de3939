package launcher.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import launcher.control.ControlException;
import launcher.control.Outcome;

/** Failures of files in words that a person knows: the JDK's message of many is the path alone. */
final class FileTrouble {
  private FileTrouble() {}

  /** The failure that the user is told: which file, and what is wrong with it. */
  static ControlException with(FileSystemException e) {
    return new ControlException(Outcome.FAILED, "'" + e.getFile() + "': " + words(e), e);
  }

  /** What is wrong. */
  static String words(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "No such file or directory";
    } else if (e instanceof AccessDeniedException) {
      return "Permission denied";
    } else if (e instanceof FileAlreadyExistsException) {
      return "it exists, and is no folder";
    }
    return String.valueOf(
        e instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : e.getMessage());
  }
}
