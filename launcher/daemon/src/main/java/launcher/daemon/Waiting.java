package launcher.daemon;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.engine.Engine;
import launcher.engine.EngineException;
import launcher.engine.Guest;
import launcher.engine.GuestEvent;

/**
 * Waits until a guest is in a state: looks once, then after each event of the guest.
 *
 * @param engine whose events
 * @param guest the guest
 */
record Waiting(Engine engine, Guest guest) {
  private static final long AGENT_STEP = TimeUnit.SECONDS.toNanos(1);

  Json until(Members said) throws InterruptedException {
    String wanted = said.findText("state").orElse("shutoff");
    Duration limit = Amounts.seconds(said, "timeout").orElse(Amounts.FOR_EVER);
    long end = System.nanoTime() + limit.toNanos();
    // that something happened is enough to look again, however much a guest has to say
    BlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>(1);
    try (Subscription _ = Subscription.of(engine, events::offer)) {
      while (!isIn(wanted)) {
        // an agent tells nobody that it has begun: it is asked again every second
        long patience =
            wanted.equals("agent")
                ? Math.min(AGENT_STEP, end - System.nanoTime())
                : end - System.nanoTime();
        boolean happened = events.poll(patience, TimeUnit.NANOSECONDS) != null;
        if (!happened && System.nanoTime() >= end) {
          throw new ControlException(
              Outcome.TIMEOUT,
              "guest '"
                  + guest.name()
                  + "' was not '"
                  + wanted
                  + "' within "
                  + limit.toSeconds()
                  + " s: it is "
                  + guest.state());
        }
      }
      return Json.object("state", guest.state().phase().words());
    }
  }

  private boolean isIn(String wanted) {
    return switch (wanted) {
      case "agent" -> is("running") && agentAnswers();
      case "running" -> is("running");
      case "paused" -> is("paused");
      case "shutoff" -> !guest.state().active();
      default ->
          throw new ControlException(
              Outcome.USAGE,
              "await knows no state '" + wanted + "': running, paused, shutoff or agent");
    };
  }

  private boolean agentAnswers() {
    try {
      guest.agent().ping();
      return true;
    } catch (EngineException e) {
      if (e.kind() == EngineException.Kind.NOT_ANSWERING) {
        return false;
      }
      throw e;
    }
  }

  private boolean is(String words) {
    return guest.state().phase().words().equals(words);
  }
}
