package launcher.engine.disk;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonText;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.qemu.BlockNodes;
import launcher.engine.qemu.LiveCommand;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.PassedFiles;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.run.MonitorSteps;
import launcher.engine.store.OpenFile;
import launcher.schemas.XmlElement;

/**
 * Images below a disk's own, which a confined QEMU may only read: for a commit they are opened here
 * and handed over, and take the places of those that QEMU opened itself.
 */
public final class WritableChain {
  /**
   * QEMU's words when it may not write, and from 9.1 on when it has no descriptor to write with.
   */
  private static final List<String> DENIED =
      List.of("Permission denied", "Failed to find file descriptor with matching flags");

  private static final List<OpenFile.Access> BOTH =
      List.of(OpenFile.Access.READ, OpenFile.Access.READ_WRITE);

  private final LiveGuest guest;
  private final QemuRunning qemu;

  /** For a guest that runs. */
  public WritableChain(LiveGuest guest) {
    this.guest = guest;
    qemu = guest.qemu();
  }

  /** Does something with a chain; once more with images that may be written when QEMU may not. */
  @FunctionalInterface
  public interface Act {
    /** Does it; asks the chain for its nodes. */
    void with(ChainNodes chain);
  }

  /**
   * Does something for which an image must be written to.
   *
   * @param target of the disk
   * @param base the lowest image that is written to
   */
  public void writing(String target, Path base, Act act) {
    LiveDisks.Drive drive = drive(target);
    try {
      act.with(ChainNodes.of(qemu, drive.format()));
    } catch (EngineException e) {
      String said = String.valueOf(e.getMessage());
      if (e.kind() == Kind.NOT_ANSWERING || DENIED.stream().noneMatch(said::contains)) {
        throw e;
      }
      open(target, drive, base);
      act.with(ChainNodes.of(qemu, drive.format()));
    }
  }

  /**
   * Takes back what a commit wrote with: QEMU's locks stay with it and would refuse the next one.
   * The image above the one that went was written to as well, for it names the one below it.
   *
   * @param target of the disk, whose own image did not go
   */
  public void written(String target) {
    for (String node : ChainNodes.of(qemu, drive(target).format()).nodes().values()) {
      withdraw(qemu, node);
    }
  }

  /** Takes back what QEMU wrote to one image with. */
  static void withdraw(QemuRunning qemu, String node) {
    PassedFiles.withdrawWriting(
        qemu.monitor(), ChainNodes.file(qemu, ChainNodes.child(qemu, node, "file")));
  }

  private static XmlElement disk(XmlElement live, String target) {
    return OverlayXml.disk(live, target).orElseThrow();
  }

  private LiveDisks.Drive drive(String target) {
    return new LiveDisks(guest.name(), qemu).drive(disk(guest.live(), target));
  }

  private void open(String target, LiveDisks.Drive drive, Path base) {
    ChainNodes chain = ChainNodes.of(qemu, drive.format());
    List<Path> files = chain.files().subList(0, chain.files().indexOf(base) + 1);
    String below = another(chain, files, BOTH);
    Props top = options(target, drive.format()).put("backing", below);
    qemu.monitor()
        .ask("blockdev-reopen", Props.empty().put("options", List.of(top)), QemuMonitor.WORK);
    // those whose places were taken hold locks
    guest.plug().removeUnusedImages();
  }

  /**
   * Opens images of a chain once more.
   *
   * @param files from the upper ones down
   * @return the node of the uppermost
   */
  String another(ChainNodes chain, List<Path> files, List<OpenFile.Access> ways) {
    int number = BlockNodes.next(qemu.monitor());
    Optional<String> below = Optional.empty();
    for (Path file : files.reversed()) {
      String node = "libvirt-" + number + "-format";
      number++;
      // the file below an image is read-only as long as the image is, and not for ever
      Props image =
          Props.of("node-name", node)
              .put("driver", ChainNodes.format(qemu, chain.node(file)))
              .put("read-only", true)
              .put(
                  "file",
                  Props.of("driver", "file")
                      .put("filename", PassedFiles.pass(qemu.monitor(), file, ways)));
      below.ifPresent(lower -> image.put("backing", lower));
      qemu.monitor().ask("blockdev-add", image, QemuMonitor.WORK);
      below = Optional.of(node);
    }
    return below.orElseThrow();
  }

  /** The options with which the disk's own image was opened. */
  private Props options(String target, String node) {
    XmlElement live = guest.live();
    LiveCommand images = guest.translation().images(live, disk(live, target));
    for (LiveCommand.Option option : images.options().reversed()) {
      Props props = MonitorSteps.props(JsonText.object(option.value()));
      if (props.get("file").isPresent()) {
        return props.put("node-name", node).put("file", ChainNodes.child(qemu, node, "file"));
      }
    }
    throw new EngineException(
        Kind.FAILED, "the image of disk '" + target + "' has no options of its own");
  }
}
