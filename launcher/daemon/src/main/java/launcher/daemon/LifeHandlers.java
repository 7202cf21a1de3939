package launcher.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.engine.Console;
import launcher.engine.DefineOptions;
import launcher.engine.Engine;
import launcher.engine.EngineException;
import launcher.engine.Guest;
import launcher.engine.JobProgress;
import launcher.engine.ShutdownMode;
import launcher.engine.ShutdownOptions;
import launcher.engine.StartOptions;
import launcher.engine.StartTiming;

/**
 * Starting, stopping and watching guests.
 *
 * @param engine the guests
 */
record LifeHandlers(Engine engine) implements HandlerFamily {
  private static final int BUFFER_BYTES = 4096;
  private static final long STEP_NANOS = 1_000_000_000;

  @Override
  public void register(Handlers handlers) {
    handlers
        .manage("start", this::start)
        .manage("create", this::create)
        .manage("shutdown", this::shutdown)
        .manage("destroy", this::destroy)
        .manage("reboot", call -> done(() -> guest(call).reboot(mode(call))))
        .manage("reset", call -> done(() -> guest(call).reset()))
        .manage("suspend", call -> done(() -> guest(call).suspend()))
        .manage("resume", call -> done(() -> guest(call).resume()))
        .listen("await", call -> new Waiting(engine, guest(call)).until(call.arguments()))
        .stream("console", this::console);
  }

  private Guest guest(Call call) {
    return engine.guests().get(call.guest());
  }

  private Json destroy(Call call) throws IOException {
    Guest guest = guest(call);
    Path log = guest.log();
    guest.destroy(call.arguments().isTrue("graceful"));
    if (call.arguments().isTrue("removeLogs")) {
      Files.deleteIfExists(log);
    }
    return Json.object();
  }

  private Json start(Call call) {
    Guest guest = guest(call);
    guest.start(startOptions(call.arguments()));
    return call.arguments().isTrue("timings")
        ? started(guest).with(Json.object("timings", timings(guest)))
        : started(guest);
  }

  private static List<Json> timings(Guest guest) {
    List<Json> steps = new ArrayList<>();
    for (StartTiming timing : guest.startTimings()) {
      steps.add(Json.object("step", timing.step(), "micros", timing.took().toNanos() / 1000));
    }
    return steps;
  }

  private Json create(Call call) {
    Members said = call.arguments();
    DefineOptions options =
        new DefineOptions(said.findText("file").orElse("guest.xml"), said.isTrue("validate"));
    return started(engine.guests().create(said.text("xml"), options, startOptions(said)));
  }

  private static StartOptions startOptions(Members said) {
    return new StartOptions(
        said.isTrue("paused"),
        said.isTrue("forceBoot"),
        said.isTrue("bypassCache"),
        said.isTrue("resetNvram"));
  }

  private static Members started(Guest guest) {
    Optional<Integer> id = guest.id().stream().boxed().findFirst();
    Optional<Integer> pid = guest.pid().stream().boxed().findFirst();
    return Json.object("name", guest.name(), "uuid", guest.uuid(), "id", id, "pid", pid);
  }

  private Json shutdown(Call call) {
    Optional<Duration> patience = Amounts.seconds(call.arguments(), "timeout");
    Guest guest = guest(call);
    try {
      guest.shutdown(new ShutdownOptions(mode(call), Optional.empty(), false));
    } catch (EngineException e) {
      // who does not hear the question is powered off when the time is over, as who does not obey
      if (patience.isEmpty() || e.kind() != EngineException.Kind.NOT_ANSWERING) {
        throw e;
      }
    }
    patience.ifPresent(time -> awaitShutdown(call, guest, time));
    return Json.object();
  }

  /** Tells every second how much of the time is over, and powers the guest off at its end. */
  private static void awaitShutdown(Call call, Guest guest, Duration patience) {
    long begin = System.nanoTime();
    ActProgress progress = new ActProgress(call);
    long passed = 0;
    while (passed < patience.toNanos()) {
      progress.accept(new JobProgress("shutdown", passed, patience.toNanos(), 0));
      Duration step = Duration.ofNanos(Math.min(STEP_NANOS, patience.toNanos() - passed));
      if (guest.awaitEnd(step)) {
        progress.accept(new JobProgress("shutdown", 1, 1, 0));
        return;
      }
      passed = System.nanoTime() - begin;
    }
    guest.destroy(false);
    progress.accept(new JobProgress("shutdown", 1, 1, 0));
  }

  private static ShutdownMode mode(Call call) {
    String word = call.arguments().findText("mode").orElse("any");
    try {
      return ShutdownMode.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ControlException(
          Outcome.USAGE,
          "there is no shutdown mode '" + word + "': acpi, agent, signal or initctl",
          e);
    }
  }

  private Json console(Call call) throws IOException {
    Members said = call.arguments();
    try (Console console = guest(call).console(said.findText("device").orElse(""), true)) {
      ByteChannel stream = call.stream();
      Thread.ofPlatform().name("console-input").daemon().start(() -> type(stream, console));
      // Ends when the guest does, or when type() saw the client leave and closed the view.
      console.output().transferTo(Channels.newOutputStream(stream));
    } finally {
      if (said.isTrue("autodestroy")) {
        endWithItsConsole(guest(call));
      }
    }
    return Json.object();
  }

  private static void endWithItsConsole(Guest guest) {
    if (guest.state().active()) {
      guest.destroy(false);
    }
  }

  private static void type(ByteChannel stream, Console console) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try (console) {
      while (stream.read(buffer) >= 0) {
        console.input().write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
    } catch (IOException e) {
      // one of the two has gone: closing the view ends the other direction
    }
  }
}
