package launcher.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.engine.BlockCommit;
import launcher.engine.BlockCopy;
import launcher.engine.BlockJobInfo;
import launcher.engine.Engine;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestBlockJobs;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;

/**
 * Long work on the images of disks.
 *
 * @param engine the guests
 */
record BlockJobHandlers(Engine engine) implements HandlerFamily {
  @Override
  public void register(Handlers handlers) {
    handlers
        .manage("blockpull", this::pull)
        .manage("blockcommit", this::commit)
        .manage("blockcopy", this::copy)
        .manage("blockjob-end", this::end)
        .manage("blockjob-limit", this::limit)
        .read("blockjob", this::info)
        .listen("blockjob-wait", this::await);
  }

  private GuestBlockJobs jobs(Call call) {
    return engine.guests().get(call.guest()).blockJobs();
  }

  private static long speed(Members said) {
    return said.findWhole("bytesPerSecond").orElse(0L);
  }

  private Json pull(Call call) {
    Members said = call.arguments();
    jobs(call).pull(said.text("disk"), said.findText("base").map(Path::of), speed(said));
    return Json.object();
  }

  private Json commit(Call call) {
    Members said = call.arguments();
    jobs(call)
        .commit(
            said.text("disk"),
            new BlockCommit(
                said.findText("top").map(Path::of),
                said.findText("base").map(Path::of),
                said.isTrue("shallow"),
                said.isTrue("active"),
                said.isTrue("delete"),
                speed(said)));
    return Json.object();
  }

  private Json copy(Call call) {
    Members said = call.arguments();
    Optional<XmlElement> described = said.findText("xml").map(BlockJobHandlers::destination);
    Optional<Path> to =
        described
            .flatMap(disk -> disk.value("source/@file").or(() -> disk.value("source/@dev")))
            .or(() -> said.findText("to"))
            .map(Path::of);
    jobs(call)
        .copy(
            said.text("disk"),
            new BlockCopy(
                to.orElseThrow(() ->
                    new EngineException(
                        Kind.INVALID,
                        "the <disk> to copy to names no <source file> or <source dev>")),
                said.findText("format").or(() -> described.flatMap(d -> d.value("driver/@type"))),
                said.isTrue("shallow"),
                said.isTrue("reuse"),
                said.isTrue("device") || described.filter(d -> d.is("type", "block")).isPresent(),
                said.findWhole("granularity"),
                said.findWhole("buffer"),
                said.isTrue("synchronous"),
                speed(said)));
    return Json.object();
  }

  private static XmlElement destination(String xml) {
    XmlElement disk = XmlReader.read("disk.xml", xml);
    if (disk.name().equals("disk") && (disk.is("type", "file") || disk.is("type", "block"))) {
      return disk;
    }
    throw new EngineException(
        Kind.INVALID, "a disk is copied to a <disk type='file'> or a <disk type='block'>");
  }

  private Json end(Call call) {
    jobs(call).end(call.arguments().text("disk"), call.arguments().isTrue("pivot"));
    return Json.object();
  }

  private Json limit(Call call) {
    jobs(call).limit(call.arguments().text("disk"), speed(call.arguments()));
    return Json.object();
  }

  private Json info(Call call) {
    Optional<BlockJobInfo> job = jobs(call).info(call.arguments().text("disk"));
    return job.<Json>map(now ->
            Json.object(
                "type", now.kind(),
                "bytesPerSecond", now.bytesPerSecond(),
                "done", now.done(),
                "total", now.total(),
                "ready", now.ready()))
        .orElse(Json.object());
  }

  private Json await(Call call) {
    Members said = call.arguments();
    Duration patience = Amounts.seconds(said, "timeout").orElse(Amounts.FOR_EVER);
    boolean inTime =
        jobs(call)
            .await(said.text("disk"), said.isTrue("over"), patience, ActProgress.ofWaiting(call));
    return Json.object("inTime", inTime);
  }
}
