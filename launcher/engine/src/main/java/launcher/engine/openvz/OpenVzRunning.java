package launcher.engine.openvz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import launcher.drivers.openvz.Vzctl;
import launcher.engine.Console;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestState;
import launcher.engine.GuestState.Phase;
import launcher.engine.ShutdownMode;
import launcher.engine.guest.RunListener;
import launcher.engine.guest.Running;
import launcher.engine.host.ProcessHold;
import launcher.schemas.XmlElement;

/** A running container of OpenVZ. */
public final class OpenVzRunning implements Running {
  /** Jiffies of user, nice and system by container (vzctl's own reading of the kernel). */
  private static final Path STATISTICS = Path.of("/proc/vz/vestat");

  private static final long NANOSECONDS_PER_JIFFY = 1_000_000;

  private final String name;
  private final OpenVzTools tools;
  private final OpenVzWatch watch;
  private final RunListener listener;
  private final Path paused;

  /**
   * Of a container.
   *
   * @param paused a file that is there while it is frozen: vzlist does not tell
   */
  OpenVzRunning(
      String name, OpenVzTools tools, OpenVzWatch watch, RunListener listener, Path paused) {
    this.name = name;
    this.tools = tools;
    this.watch = watch;
    this.listener = listener;
    this.paused = paused;
  }

  private Vzctl vzctl() {
    return new Vzctl(name);
  }

  @Override
  public GuestState state() {
    boolean frozen = Files.exists(paused) || watch.status(name).equals("suspended");
    return frozen ? new GuestState(Phase.PAUSED, "user") : new GuestState(Phase.RUNNING, "booted");
  }

  @Override
  public boolean settled(Duration patience) {
    return true;
  }

  @Override
  public void suspend() {
    watch.unseen(() -> {
      tools.run(name, "suspend", vzctl().suspend());
      mark(true);
    });
    listener.state(state());
  }

  @Override
  public void resume() {
    watch.unseen(() -> {
      tools.run(name, "resume", vzctl().resume());
      mark(false);
    });
    listener.state(state());
  }

  private void mark(boolean frozen) {
    try {
      if (frozen) {
        Path folder = paused.getParent();
        if (folder != null) {
          Files.createDirectories(folder);
        }
        Files.writeString(paused, "");
      } else {
        Files.deleteIfExists(paused);
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "'" + paused + "' cannot be written: " + EngineException.reason(e), e);
    }
  }

  @Override
  public void reset() {
    throw invalid("has no reset button: destroy and start it");
  }

  private EngineException invalid(String what) {
    return new EngineException(Kind.INVALID, "OpenVZ container '" + name + "' " + what);
  }

  @Override
  public void shutdown(ShutdownMode mode) {
    refuse(mode);
    listener.leaving("shutdown");
    watch.unseen(() -> tools.run(name, "shutdown", vzctl().stop()));
  }

  @Override
  public void reboot(ShutdownMode mode) {
    refuse(mode);
    watch.unseen(() -> tools.run(name, "reboot", vzctl().restart()));
    listener.event("reboot", "by launcher");
  }

  private void refuse(ShutdownMode mode) {
    if (mode != ShutdownMode.ANY && mode != ShutdownMode.SIGNAL) {
      throw invalid("is stopped by vzctl: no mode is needed");
    }
    if (state().phase() == Phase.PAUSED) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "OpenVZ container '" + name + "' is paused and hears nothing: resume or destroy it");
    }
  }

  @Override
  public void end(ProcessHold process) {
    watch.unseen(() -> {
      if (state().phase() == Phase.PAUSED) {
        tools.run(name, "resume", vzctl().resume());
      }
      tools.run(name, "destroy", vzctl().kill());
    });
  }

  @Override
  public Console console(XmlElement live, String device, boolean replay) {
    throw invalid("has no console here: see vzctl(8), enter and console");
  }

  /** Processor time in nanoseconds, none where the kernel does not tell. */
  public OptionalLong processorTime() {
    try {
      for (String line : Files.readAllLines(STATISTICS, StandardCharsets.US_ASCII)) {
        String[] words = line.strip().split("\\s+");
        if (words.length > 3 && words[0].equals(name)) {
          long jiffies =
              Long.parseLong(words[1]) + Long.parseLong(words[2]) + Long.parseLong(words[3]);
          return OptionalLong.of(jiffies * NANOSECONDS_PER_JIFFY);
        }
      }
    } catch (IOException absent) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }

  @Override
  public void detach() {
    if (!OpenVzWatch.runs(watch.status(name))) {
      // by vzctl, or by itself
      listener.leaving("shutdown");
      mark(false);
    }
  }
}
