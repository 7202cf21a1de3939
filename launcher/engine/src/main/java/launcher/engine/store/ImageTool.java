package launcher.engine.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.spawn.CommandSpec;
import launcher.spawn.Confinement;
import launcher.spawn.Environment;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;

/**
 * qemu-img(1), for images that no QEMU has open. It locks what it writes, so an image that is in
 * use after all is refused. Files are named as JSON, in which no character means anything else.
 *
 * <p>A guest that has taken its QEMU over writes in the headers of its images what it likes, and
 * qemu-img follows them with our rights: to read any file of the host as what is below, and, when
 * an image is committed, to write to it. So it reaches only the files that are meant (Landlock),
 * and an image is not committed to another one than launcher knows.
 */
public final class ImageTool {
  /** An image on a slow disk may take long to commit. */
  private static final Duration LONGEST = Duration.ofHours(12);

  private static final String QCOW2 = "qcow2";

  private final Spawner spawner;
  private final Optional<Below> below;

  /** Tells the files that an image stands on. */
  @FunctionalInterface
  public interface Below {
    /**
     * Looks at them.
     *
     * @param format of the image, such as {@code qcow2}
     * @param known files that launcher itself has put there
     * @throws EngineException when one may not be followed to
     */
    List<Path> of(Path image, String format, List<Path> known);
  }

  /** For images whose headers nobody can have changed since they were looked at. */
  public ImageTool(Spawner spawner) {
    this.spawner = spawner;
    below = Optional.empty();
  }

  /** For images that a guest has written to. */
  public ImageTool(Spawner spawner, Below below) {
    this.spawner = spawner;
    this.below = Optional.of(below);
  }

  private static String image(Path file, String format) {
    return "json:"
        + Props.of("driver", format)
            .put("file", Props.of("driver", "file").put("filename", file.toString()))
            .json();
  }

  /** Takes a snapshot inside a qcow2 image. */
  public void take(Path file, String tag) {
    change("take a snapshot in", file, List.of("snapshot", "-q", "-c", tag, image(file, QCOW2)));
  }

  /** Makes a qcow2 image what it was at a snapshot. */
  public void apply(Path file, String tag) {
    change("revert", file, List.of("snapshot", "-q", "-a", tag, image(file, QCOW2)));
  }

  /** Removes a snapshot from inside a qcow2 image. */
  public void delete(Path file, String tag) {
    change(
        "remove a snapshot from", file, List.of("snapshot", "-q", "-d", tag, image(file, QCOW2)));
  }

  private void change(String act, Path file, List<String> words) {
    run(act, file, words, new ImageReach().writing(file).reading(below(file, QCOW2)));
  }

  private List<Path> below(Path image, String format, Path... known) {
    return below.map(files -> files.of(image, format, List.of(known))).orElse(List.of());
  }

  /** What an image says of itself, as {@code qemu-img info} tells it. */
  public JsonObject describe(Path file, String format) {
    ImageReach reach = new ImageReach().reading(List.of(file));
    if (!List.of(QCOW2, "raw").contains(format)) {
      // a VMDK's extents lie beside it
      reach.reading(List.of(file.resolveSibling("")));
    }
    return JsonText.object(
        run("look at", file, List.of("info", "--output=json", image(file, format)), reach));
  }

  /** Whether a qcow2 image has a snapshot. */
  public boolean has(Path file, String tag) {
    return describe(file, "qcow2").objects("snapshots").stream()
        .anyMatch(snapshot -> snapshot.string("name", "").equals(tag));
  }

  /**
   * Makes a new image above another one.
   *
   * @param size in bytes, when the lower one is in use and must not be opened; 0 to look there
   */
  public void create(Path overlay, Path base, String format, long size) {
    List<String> words =
        new ArrayList<>(List.of("create", "-q", "-f", QCOW2, "-F", format, "-b", base.toString()));
    ImageReach reach = new ImageReach().writing(overlay);
    if (size > 0) {
      words.add("-u");
    } else {
      reach.reading(List.of(base)).reading(below(base, format));
    }
    words.add(overlay.toString());
    if (size > 0) {
      words.add(Long.toString(size));
    }
    make(overlay, words, reach);
  }

  /**
   * Makes a new image with nothing below it.
   *
   * @param size in bytes
   */
  public void create(Path file, String format, long size) {
    make(
        file,
        List.of("create", "-q", "-f", format, file.toString(), Long.toString(size)),
        new ImageReach().writing(file));
  }

  /** The file is made by us, where no link can lead elsewhere, and filled by the tool. */
  private void make(Path file, List<String> words, ImageReach reach) {
    boolean made = ImageReach.begin(file);
    try {
      run("make", file, words, reach);
    } catch (EngineException e) {
      if (made) {
        file.toFile().delete(); // what is left of it says no more than the failure
      }
      throw e;
    }
  }

  /** Makes an image larger; qemu-img refuses to make it smaller. */
  public void resize(Path file, String format, long size) {
    run(
        "resize",
        file,
        List.of("resize", "-q", image(file, format), Long.toString(size)),
        new ImageReach().writing(file).reading(below(file, format)));
  }

  /**
   * Writes what an image holds into the one below it.
   *
   * @param base the one that is meant
   * @throws EngineException when the image names another
   */
  public void commit(Path overlay, Path base, String format) {
    String named = describe(overlay, QCOW2).string("full-backing-filename", "");
    if (!named.startsWith("/") || !ImageReach.isSame(Path.of(named), base)) {
      throw new EngineException(
          Kind.FAILED,
          "image '"
              + overlay
              + "' is not committed: it names '"
              + named
              + "' as what is below it, and that is not '"
              + base
              + "'. Its guest may have changed it; if it is meant, use qemu-img commit");
    }
    run(
        "commit",
        overlay,
        List.of("commit", "-q", "-d", image(overlay, QCOW2)),
        new ImageReach().writing(overlay).writing(base).reading(below(base, format)));
  }

  /** Names another image below, without touching any data: they hold the same. */
  public void rebase(Path overlay, Path base, String format) {
    run(
        "rebase",
        overlay,
        List.of("rebase", "-q", "-u", "-b", base.toString(), "-F", format, image(overlay, QCOW2)),
        new ImageReach().writing(overlay));
  }

  private String run(String act, Path file, List<String> words, ImageReach reach) {
    try {
      return spawner
          .run(
              CommandSpec.of("qemu-img")
                  .addAll(words)
                  .environment(Environment.common())
                  .umask(0077)
                  .confinement(below.isPresent() ? reach.confinement() : Confinement.NONE)
                  .capture()
                  .build(),
              LONGEST)
          .orThrow()
          .text();
    } catch (SpawnException e) {
      throw new EngineException(
          Kind.FAILED, "qemu-img cannot " + act + " '" + file + "': " + e.getMessage(), e);
    }
  }
}
