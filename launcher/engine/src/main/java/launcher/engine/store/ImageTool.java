package launcher.engine.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.spawn.CommandSpec;
import launcher.spawn.Environment;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;

/**
 * qemu-img(1), for images that no QEMU has open. It locks what it writes, so an image that is in
 * use after all is refused. Files are named as JSON, in which no character means anything else.
 */
public final class ImageTool {
  /** An image on a slow disk may take long to commit. */
  private static final Duration LONGEST = Duration.ofHours(12);

  private final Spawner spawner;

  /** With the one door to processes. */
  public ImageTool(Spawner spawner) {
    this.spawner = spawner;
  }

  private static String image(Path file, String format) {
    return "json:"
        + Props.of("driver", format)
            .put("file", Props.of("driver", "file").put("filename", file.toString()))
            .json();
  }

  /** Takes a snapshot inside a qcow2 image. */
  public void take(Path file, String tag) {
    run("take a snapshot in", file, List.of("snapshot", "-q", "-c", tag, image(file, "qcow2")));
  }

  /** Makes a qcow2 image what it was at a snapshot. */
  public void apply(Path file, String tag) {
    run("revert", file, List.of("snapshot", "-q", "-a", tag, image(file, "qcow2")));
  }

  /** Removes a snapshot from inside a qcow2 image. */
  public void delete(Path file, String tag) {
    run("remove a snapshot from", file, List.of("snapshot", "-q", "-d", tag, image(file, "qcow2")));
  }

  /** What an image says of itself, as {@code qemu-img info} tells it. */
  public JsonObject describe(Path file, String format) {
    return JsonText.object(
        run("look at", file, List.of("info", "--output=json", image(file, format))));
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
        new ArrayList<>(
            List.of("create", "-q", "-f", "qcow2", "-F", format, "-b", base.toString()));
    if (size > 0) {
      words.add("-u");
    }
    words.add(overlay.toString());
    if (size > 0) {
      words.add(Long.toString(size));
    }
    run("make", overlay, words);
  }

  /**
   * Makes a new image with nothing below it.
   *
   * @param size in bytes
   */
  public void create(Path file, String format, long size) {
    run("make", file, List.of("create", "-q", "-f", format, file.toString(), Long.toString(size)));
  }

  /** Makes an image larger; qemu-img refuses to make it smaller. */
  public void resize(Path file, String format, long size) {
    run("resize", file, List.of("resize", "-q", image(file, format), Long.toString(size)));
  }

  /** Writes what an image holds into the one below it. */
  public void commit(Path overlay) {
    run("commit", overlay, List.of("commit", "-q", "-d", image(overlay, "qcow2")));
  }

  /** Names another image below, without touching any data: they hold the same. */
  public void rebase(Path overlay, Path base, String format) {
    run(
        "rebase",
        overlay,
        List.of(
            "rebase", "-q", "-u", "-b", base.toString(), "-F", format, image(overlay, "qcow2")));
  }

  private String run(String act, Path file, List<String> words) {
    try {
      return spawner
          .run(
              CommandSpec.of("qemu-img")
                  .addAll(words)
                  .environment(Environment.common())
                  .umask(0077)
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
