package launcher.engine.qemu;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.isolation.IsolationSettings;
import launcher.engine.isolation.TcpUse;
import launcher.engine.qmp.QmpEvent;
import launcher.engine.run.MonitorSteps;

/**
 * Plugs a device into a running QEMU and out of it. There is no second translation: a device is
 * plugged in by the very options that would start it.
 */
public final class HotPlug {
  /** What a guest may take to let go of a device; one that is still booting never does. */
  private static final Duration RELEASE = Duration.ofSeconds(20);

  private final String guest;
  private final QemuRunning qemu;

  /** For a running guest. */
  public HotPlug(String guest, QemuRunning qemu) {
    this.guest = guest;
    this.qemu = qemu;
  }

  /** Plugs in; when QEMU refuses one option, those before it are taken back. */
  void plug(LiveCommand device, PassedDescriptors descriptors) {
    refuseTcp(device);
    List<LiveCommand.Option> done = new ArrayList<>();
    try {
      for (LiveCommand.Option option : BlockNodes.renumbered(qemu.monitor(), device)) {
        add(option, descriptors);
        done.add(option);
      }
    } catch (EngineException e) {
      done.reversed().forEach(this::remove);
      throw e;
    }
    if (done.isEmpty()) {
      throw new EngineException(
          Kind.INVALID,
          "guest '" + guest + "': the device says nothing to QEMU and cannot be plugged in");
    }
  }

  /** What a running guest may do was settled at its start. */
  private void refuseTcp(LiveCommand device) {
    List<String> words = new ArrayList<>();
    device.options().forEach(option -> words.addAll(List.of(option.flag(), option.value())));
    if (qemu.withoutTcp() && TcpUse.of(words)) {
      throw new EngineException(
          Kind.INVALID,
          "guest '"
              + guest
              + "' was started without use for TCP, and Landlock keeps it from it while it runs: define it with the device, or with <seclabel type='none' model='landlock'/>, or start it with 'landlock_network = off' in "
              + IsolationSettings.FILE);
    }
  }

  private void add(LiveCommand.Option option, PassedDescriptors descriptors) {
    Props value = json(option);
    switch (option.flag()) {
      case "-blockdev" -> qemu.monitor().ask("blockdev-add", handedOver(value), QemuMonitor.WORK);
      case "-netdev" ->
          qemu.monitor()
              .ask("netdev_add", descriptors.handOver(qemu.monitor(), value), QemuMonitor.WORK);
      case "-object" -> qemu.monitor().ask("object-add", value, QemuMonitor.WORK);
      case "-device" -> qemu.monitor().ask("device_add", withFile(value), QemuMonitor.WORK);
      default -> throw cannot(option);
    }
  }

  private Props handedOver(Props node) {
    String driver = node.get("driver").map(Object::toString).orElse("");
    if (driver.equals("file") || driver.equals("host_device")) {
      // it would be opened for reading first and then once more, against its own lock
      node.remove("auto-read-only");
      boolean readOnly = node.get("read-only").filter(Boolean.TRUE::equals).isPresent();
      Path file = Path.of(node.get("filename").map(Object::toString).orElse(""));
      if (file.startsWith("/dev") && String.valueOf(file.getFileName()).startsWith("sg")) {
        // a SCSI device that takes commands, and no disk: QEMU knows it only by its own name
        return node;
      }
      node.put("filename", PassedFiles.pass(qemu.monitor(), file, PassedFiles.image(readOnly)));
    }
    return node;
  }

  /** A USB device of the host is a file too, which a confined QEMU may not open any more. */
  private Props withFile(Props device) {
    String file = device.get("hostdevice").map(Object::toString).orElse("");
    if (!file.isEmpty()) {
      device.put("hostdevice", PassedFiles.passDevice(qemu.monitor(), Path.of(file)));
    }
    return device;
  }

  private Props json(LiveCommand.Option option) {
    if (!option.value().startsWith("{") || option.value().contains("/dev/fdset/")) {
      throw cannot(option);
    }
    JsonObject read = JsonText.object(option.value());
    Props props = MonitorSteps.props(read);
    if (read.has("backing") && read.get("backing") == null) {
      // it says that nothing is below, and not that it is unknown
      props.putNull("backing");
    }
    return props;
  }

  /**
   * Adds the block nodes of an image, and gives the name of the uppermost.
   *
   * @throws EngineException when QEMU refuses; those before are taken back
   */
  public String addImage(LiveCommand image) {
    refuseTcp(image);
    List<LiveCommand.Option> done = new ArrayList<>();
    try {
      for (LiveCommand.Option option : BlockNodes.renumbered(qemu.monitor(), image)) {
        qemu.monitor().ask("blockdev-add", handedOver(json(option)), QemuMonitor.WORK);
        done.add(option);
      }
    } catch (EngineException e) {
      done.reversed().forEach(this::remove);
      throw e;
    }
    return JsonText.object(done.getLast().value()).string("node-name", "");
  }

  /** Removes the nodes that nobody uses. */
  public void removeUnusedImages() {
    BlockNodes.removeUnused(qemu.monitor());
  }

  private EngineException cannot(LiveCommand.Option option) {
    return new EngineException(
        Kind.INVALID,
        "guest '"
            + guest
            + "' cannot take this device while it runs: it needs '"
            + option.flag()
            + " "
            + option.value()
            + "' from the start; shut it down and define it anew");
  }

  private void remove(LiveCommand.Option option) {
    JsonObject value = JsonText.object(option.value());
    Props id = Props.of("id", value.string("id", ""));
    switch (option.flag()) {
      case "-device" -> qemu.monitor().tryAsk("device_del", id, QemuMonitor.WORK);
      case "-netdev" -> qemu.monitor().tryAsk("netdev_del", id, QemuMonitor.WORK);
      case "-object" -> qemu.monitor().tryAsk("object-del", id, QemuMonitor.WORK);
      case "-blockdev" ->
          qemu.monitor()
              .tryAsk(
                  "blockdev-del",
                  Props.of("node-name", value.string("node-name", "")),
                  QemuMonitor.WORK);
      default -> {
        // never added
      }
    }
  }

  /**
   * Removes what stands behind a device that is gone, or that never came.
   *
   * @param passed descriptors of the whole guest, of which QEMU may still keep the device's
   */
  void removeRest(LiveCommand device, List<CommandLine.PassedDescriptor> passed) {
    for (LiveCommand.Option option : device.options().reversed()) {
      if (option.flag().equals("-netdev")) {
        remove(option);
        PassedDescriptors.handedOver(option.value(), passed)
            .forEach(name ->
                qemu.monitor().tryAsk("closefd", Props.of("fdname", name), QemuMonitor.QUESTION));
      } else if (option.flag().equals("-object")) {
        remove(option);
      }
    }
    BlockNodes.removeUnused(qemu.monitor());
  }

  /** Whether QEMU has a device of that alias; one that the guest has not let go of is there. */
  public boolean has(String alias) {
    return qemu
        .monitor()
        .answer("qom-list", Props.of("path", "/machine/peripheral"), QemuMonitor.WORK)
        .objects("return")
        .stream()
        .anyMatch(device -> device.string("name", "").equals(alias));
  }

  /**
   * Asks the guest to let go of a device and waits until it has.
   *
   * @throws EngineException when it does not in time; of kind {@code TIMEOUT} when it still may
   */
  public void unplug(String alias) {
    CompletableFuture<QmpEvent> gone = qemu.jobs().next(event -> isGone(event, alias));
    try {
      qemu.monitor().ask("device_del", Props.of("id", alias), QemuMonitor.WORK);
      QmpEvent event = gone.get(RELEASE.toMillis(), TimeUnit.MILLISECONDS);
      if (!event.name().equals("DEVICE_DELETED")) {
        throw notReleased(Kind.FAILED, alias, "the guest refused");
      }
    } catch (TimeoutException e) {
      throw notReleased(
          Kind.TIMEOUT,
          alias,
          "the guest did not let go of it within " + RELEASE.toSeconds() + " s; has it booted?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notReleased(Kind.TIMEOUT, alias, "interrupted");
    } catch (ExecutionException e) {
      throw notReleased(Kind.FAILED, alias, String.valueOf(e.getMessage()));
    } finally {
      gone.cancel(false);
    }
  }

  private static boolean isGone(QmpEvent event, String alias) {
    return (event.name().equals("DEVICE_DELETED")
            || event.name().equals("DEVICE_UNPLUG_GUEST_ERROR"))
        && event.data().string("device", "").equals(alias);
  }

  private EngineException notReleased(Kind kind, String alias, String why) {
    return new EngineException(
        kind, "device '" + alias + "' of guest '" + guest + "' is not unplugged: " + why);
  }
}
