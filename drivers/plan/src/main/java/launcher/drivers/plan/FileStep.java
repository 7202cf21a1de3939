package launcher.drivers.plan;

import java.nio.file.Path;

/** Steps on files and folders. Permissions are octal modes, 0 to 07777. */
public sealed interface FileStep extends Step {
  /** The file or folder, absolute. */
  Path path();

  @Override
  default String object() {
    return path().toString();
  }

  /**
   * Makes a folder and those above it that are missing.
   *
   * @param keep whether it stays when the guest ends; else it goes with everything in it
   */
  record MakeDirectory(Path path, int permissions, boolean keep) implements FileStep {
    public MakeDirectory {
      Modes.check(path, permissions);
    }

    @Override
    public String name() {
      return "make folder";
    }

    @Override
    public String undo() {
      return keep ? "" : "remove folder";
    }
  }

  /** Writes a file, whole or not at all, in the place of any older one. */
  record WriteFile(Path path, String content, int permissions) implements FileStep {
    public WriteFile {
      Modes.check(path, permissions);
    }

    @Override
    public String name() {
      return "write file";
    }

    @Override
    public String undo() {
      return "remove file";
    }
  }

  /**
   * Makes an empty file where there is none.
   *
   * @param keep whether it stays when the guest ends
   */
  record CreateFile(Path path, int permissions, boolean keep) implements FileStep {
    public CreateFile {
      Modes.check(path, permissions);
    }

    @Override
    public String name() {
      return "create file";
    }

    @Override
    public String undo() {
      return keep ? "" : "remove file";
    }
  }

  /** Copies a file where there is none yet: firmware variables from their template. It stays. */
  record CopyMissing(Path path, Path source, int permissions) implements FileStep {
    public CopyMissing {
      Modes.check(path, permissions);
    }

    @Override
    public String name() {
      return "copy file";
    }

    @Override
    public String undo() {
      return "";
    }
  }

  /** Makes sure that a file can be read before anything is started. */
  record Require(Path path, String what) implements FileStep {
    @Override
    public String name() {
      return "find " + what;
    }

    @Override
    public String undo() {
      return "";
    }
  }
}
