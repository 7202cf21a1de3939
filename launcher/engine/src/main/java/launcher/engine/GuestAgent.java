package launcher.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.engine.EngineException.Kind;
import launcher.engine.agent.AgentConversation;
import launcher.engine.run.MonitorSteps;
import launcher.schemas.XmlElement;
import tools.jackson.core.JacksonException;

/** The agent inside a running guest, over the channel {@code org.qemu.guest_agent.0}. */
public final class GuestAgent {
  private static final String CHANNEL = "org.qemu.guest_agent.0";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String guest;
  private final XmlElement live;

  GuestAgent(String guest, XmlElement live) {
    this.guest = guest;
    this.live = live;
  }

  /**
   * A file system of the guest.
   *
   * @param mountPoint where it is mounted
   * @param name of its device
   * @param type such as {@code ext4}
   * @param disks names of the disks it lies on, as the guest tells them
   */
  public record FileSystem(String mountPoint, String name, String type, List<String> disks) {
    public FileSystem {
      disks = List.copyOf(disks);
    }
  }

  private <T> T talk(Function<AgentConversation, T> body) {
    try (AgentConversation talk = AgentConversation.begin(guest, socket(), PATIENCE)) {
      return body.apply(talk);
    }
  }

  private Path socket() {
    for (XmlElement channel : live.childOrAdd("devices").children("channel")) {
      if (channel.value("target/@name", "").equals(CHANNEL)) {
        return Path.of(channel.value("source/@path", ""));
      }
    }
    throw new EngineException(
        Kind.INVALID,
        "guest '"
            + guest
            + "' has no channel for an agent: add <channel type='unix'><target type='virtio' name='"
            + CHANNEL
            + "'/></channel>");
  }

  /** Returns when it answers. */
  public void ping() {
    talk(agent -> agent.ask("guest-ping", Props.empty()));
  }

  /** The guest's clock. */
  public Instant time() {
    long nanoseconds =
        talk(agent -> agent.ask("guest-get-time", Props.empty())).number("return", 0);
    return Instant.ofEpochSecond(nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
  }

  /** Sets the guest's clock. */
  public void time(Instant now) {
    long nanoseconds = now.getEpochSecond() * 1_000_000_000 + now.getNano();
    talk(agent -> agent.ask("guest-set-time", Props.empty().put("time", nanoseconds)));
  }

  /** The guest's mounted file systems. */
  public List<FileSystem> fileSystems() {
    JsonObject answer = talk(agent -> agent.ask("guest-get-fsinfo", Props.empty()));
    return answer.objects("return").stream()
        .map(found ->
            new FileSystem(
                found.string("mountpoint", ""),
                found.string("name", ""),
                found.string("type", ""),
                found.objects("disk").stream().map(disk -> disk.string("dev", "")).toList()))
        .toList();
  }

  /**
   * Asks anything.
   *
   * @param json such as {@code {"execute": "guest-info"}}
   * @return the whole answer as JSON
   */
  public String command(String json) {
    try {
      JsonObject question = JsonText.object(json);
      Props arguments = MonitorSteps.props(question.object("arguments"));
      return MonitorSteps.props(talk(agent -> agent.ask(question.string("execute", ""), arguments)))
          .json();
    } catch (JacksonException e) {
      throw new EngineException(
          Kind.INVALID, "the command is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Freezes file systems: what is written waits until {@link #thaw}.
   *
   * @param mountPoints empty for all
   * @return how many are frozen
   */
  public long freeze(List<String> mountPoints) {
    return talk(agent ->
            mountPoints.isEmpty()
                ? agent.ask("guest-fsfreeze-freeze", Props.empty())
                : agent.ask(
                    "guest-fsfreeze-freeze-list", Props.empty().put("mountpoints", mountPoints)))
        .number("return", 0);
  }

  /** Lets frozen file systems go on; tells how many. */
  public long thaw() {
    return talk(agent -> agent.ask("guest-fsfreeze-thaw", Props.empty())).number("return", 0);
  }

  /** Asks the guest to power off, or to boot anew; there is no answer. */
  void shutdown(boolean reboot) {
    talk(agent -> {
      agent.tell("guest-shutdown", Props.of("mode", reboot ? "reboot" : "powerdown"));
      return reboot;
    });
  }
}
