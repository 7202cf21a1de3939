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
import launcher.engine.GuestBlockJobs;

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
    jobs(call)
        .copy(
            said.text("disk"),
            new BlockCopy(
                Path.of(said.text("to")),
                said.findText("format"),
                said.isTrue("shallow"),
                said.isTrue("reuse"),
                said.isTrue("device"),
                said.findWhole("granularity"),
                said.findWhole("buffer"),
                said.isTrue("synchronous"),
                speed(said)));
    return Json.object();
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
