package launcher.engine;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.engine.EngineException.Kind;
import launcher.engine.agent.AgentConversation;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.MonitorSteps;
import launcher.schemas.XmlElement;
import tools.jackson.core.JacksonException;

/** The agent inside a running guest, over the channel {@code org.qemu.guest_agent.0}. */
public final class GuestAgent {
  private static final String CHANNEL = "org.qemu.guest_agent.0";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A refusal comes at once; a shutdown that begins has no answer. */
  private static final Duration REFUSAL = Duration.ofSeconds(1);

  private final String guest;
  private final XmlElement live;
  private final Optional<QemuRunning> qemu;

  GuestAgent(String guest, XmlElement live, Optional<QemuRunning> qemu) {
    this.guest = guest;
    this.live = live;
    this.qemu = qemu;
  }

  /** Whether an agent has opened its end of the channel; also true where nobody can tell. */
  public boolean connected() {
    Optional<XmlElement> channel = channel();
    if (channel.isEmpty() || qemu.isEmpty()) {
      return channel.isPresent();
    }
    String label = "char" + channel.get().value("alias/@name", "");
    return qemu
        .get()
        .monitor()
        .answer("query-chardev", Props.empty(), QemuMonitor.QUESTION)
        .objects("return")
        .stream()
        .anyMatch(c -> c.string("label", "").equals(label) && c.bool("frontend-open", false));
  }

  private Optional<XmlElement> channel() {
    return live.copy().childOrAdd("devices").children("channel").stream()
        .filter(channel -> channel.value("target/@name", "").equals(CHANNEL))
        .findFirst();
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
    return talk(PATIENCE, body);
  }

  private <T> T talk(Duration patience, Function<AgentConversation, T> body) {
    try (AgentConversation talk = AgentConversation.begin(guest, socket(), patience)) {
      return body.apply(talk);
    }
  }

  private Path socket() {
    Optional<XmlElement> channel = channel();
    if (channel.isPresent()) {
      if (!connected()) {
        throw new EngineException(
            Kind.NOT_ANSWERING,
            "no agent runs in guest '" + guest + "' (yet): start qemu-guest-agent inside it");
      }
      return Path.of(channel.get().value("source/@path", ""));
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
    return command(json, PATIENCE);
  }

  /**
   * Asks anything.
   *
   * @param patience for the answer; zero to wait for none, which is {@code {}} then
   */
  public String command(String json, Duration patience) {
    try {
      JsonObject question = JsonText.object(json);
      String execute = question.string("execute", "");
      Props arguments = MonitorSteps.props(question.object("arguments"));
      if (patience.isZero()) {
        talk(agent -> {
          agent.tell(execute, arguments, Duration.ZERO);
          return execute;
        });
        return "{}";
      }
      return MonitorSteps.props(talk(patience, agent -> agent.ask(execute, arguments))).json();
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

  /**
   * Discards what its file systems do not use.
   *
   * @param minimum smaller holes stay, in bytes
   */
  public void trim(long minimum) {
    talk(agent -> agent.ask("guest-fstrim", Props.empty().put("minimum", minimum)));
  }

  /**
   * Has it fall asleep; it wakes by {@link GuestJobs#wakeUp}, or by a start when it slept on its
   * disk.
   *
   * @param target {@code mem}, {@code disk} or {@code hybrid}
   */
  public void sleep(String target) {
    String command =
        switch (target) {
          case "mem" -> "guest-suspend-ram";
          case "disk" -> "guest-suspend-disk";
          case "hybrid" -> "guest-suspend-hybrid";
          default ->
              throw new EngineException(
                  Kind.INVALID,
                  "a guest sleeps in 'mem', 'disk' or 'hybrid', not '" + target + "'");
        };
    talk(agent -> {
      agent.tell(command, Props.empty(), REFUSAL);
      return command;
    });
  }

  /** Sets the clock to what the guest's own hardware clock says. */
  public void timeOfHardware() {
    talk(agent -> agent.ask("guest-set-time", Props.empty()));
  }

  /**
   * Sets a user's password.
   *
   * @param crypted whether it is a hash of crypt(3) already
   */
  public void password(String user, String password, boolean crypted) {
    String coded = Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8));
    talk(agent ->
        agent.ask(
            "guest-set-user-password",
            Props.of("username", user).put("password", coded).put("crypted", crypted)));
  }

  /** Asks the guest to power off, or to boot anew; there is no answer. */
  void shutdown(boolean reboot) {
    talk(agent -> {
      agent.tell("guest-shutdown", Props.of("mode", reboot ? "reboot" : "powerdown"), REFUSAL);
      return reboot;
    });
  }
}
