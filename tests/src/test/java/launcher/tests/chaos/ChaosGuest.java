package launcher.tests.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.tests.chaos.GuestModel.Act;
import launcher.tests.chaos.GuestModel.Run;
import org.jspecify.annotations.Nullable;

/** One guest, what is done to it one thing after the other, and all that it may be by now. */
final class ChaosGuest {
  private final String name;
  private final String template;
  private final Path file;
  private final String disk;
  private final Random random;
  private final List<String> history = new ArrayList<>();
  private Set<GuestModel> possible;
  private int versions;
  private boolean disturbed;
  private volatile @Nullable Client client;
  private volatile boolean over;

  /**
   * A guest.
   *
   * @param file where it is saved to
   * @param image of the disk that is plugged in and out
   */
  ChaosGuest(String name, String template, Path file, Path image, long seed) {
    this.name = name;
    this.template = template;
    this.file = file;
    disk =
        "<disk type='file'><driver name='qemu' type='raw'/><source file='"
            + image
            + "'/><target dev='sdz' bus='usb'/></disk>";
    random = new Random(seed);
    possible = Set.of(GuestModel.nothing(name));
  }

  /** The text of a version under a name. */
  private String text(String called, int version) {
    return template.replace("@NAME@", called).replace("@VERSION@", Integer.toString(version));
  }

  /**
   * Its process was killed: whatever ran may not run any more, whatever was asked may have failed.
   */
  synchronized void disturb() {
    disturbed = true;
  }

  /** Does one thing after the other until somebody hangs up. */
  void work(Client connection) {
    client = connection;
    over = false;
    while (!over) {
      if (!act(connection, choose())) {
        return;
      }
    }
  }

  /** Hangs up in the middle of whatever is asked: the same as a command that is killed. */
  void hangUp() throws IOException {
    over = true;
    Client now = client;
    if (now != null) {
      now.close();
    }
  }

  /** Asks nothing more after what is under way. */
  void enough() {
    over = true;
  }

  private synchronized Act choose() {
    List<Act> acts = new ArrayList<>(EnumSet.allOf(Act.class));
    // a guest that is not there is defined, one that is off mostly started
    if (possible.stream().noneMatch(GuestModel::defined)) {
      return Act.DEFINE;
    }
    if (possible.stream().allMatch(model -> model.run() != Run.RUNNING) && random.nextInt(3) == 0) {
      return Act.START;
    }
    acts.removeIf(act -> possible.stream().anyMatch(model -> !model.sensible(act)));
    return acts.get(random.nextInt(acts.size()));
  }

  /** Asks for one thing; false when nobody can be asked any more. */
  private boolean act(Client connection, Act act) {
    int version = ++versions;
    GuestModel some = possible.iterator().next();
    try {
      ask(connection, act, some, version);
      learn(act, version, act + " done", true);
      return true;
    } catch (ControlException e) {
      if (e.outcome() != Outcome.UNREACHABLE) {
        learn(act, version, act + " refused: " + e.getMessage(), false);
        return true;
      }
      either(act, version, act + " cut off");
    } catch (IOException e) {
      either(act, version, act + " cut off: " + e.getMessage());
    }
    return false;
  }

  private synchronized void learn(Act act, int version, String what, boolean done) {
    if (disturbed) {
      either(act, version, what + " (disturbed)");
      return;
    }
    history.add(what);
    Set<GuestModel> now = new HashSet<>();
    for (GuestModel model : possible) {
      Optional<GuestModel> after = model.after(act, version);
      if (done) {
        after.ifPresent(now::add);
      } else if (after.isEmpty()) {
        now.add(model);
      }
    }
    if (now.isEmpty()) {
      throw new AssertionError(
          name + ": that cannot be. It was one of " + possible + "; " + history);
    }
    possible = Set.copyOf(now);
  }

  /** Nobody knows whether it was done, nor, when processes were killed, whether it ran by then. */
  private synchronized void either(Act act, int version, String what) {
    history.add(what);
    Set<GuestModel> all = new HashSet<>(possible);
    if (disturbed) {
      possible.forEach(model -> all.add(model.killed()));
    }
    for (GuestModel model : List.copyOf(all)) {
      model
          .after(act, version)
          .ifPresent(after -> {
            all.add(after);
            if (disturbed) {
              all.add(after.killed());
            }
          });
    }
    possible = Set.copyOf(all);
  }

  private void ask(Client to, Act act, GuestModel model, int version) throws IOException {
    Members guest = Json.object("guest", model.name());
    switch (act) {
      case DEFINE ->
          to.ask("define", Json.object("xml", text(model.name(), version), "validate", true));
      case START -> to.ask("start", guest);
      case DESTROY -> to.ask("destroy", guest);
      case SAVE -> to.ask("save", guest.with(Json.object("file", file.toString())));
      case RESTORE -> to.ask("restore", Json.object("file", file.toString()));
      case MANAGED_SAVE -> to.ask("managedsave", guest);
      case RENAME -> to.ask("domrename", guest.with(Json.object("to", model.otherName())));
      case UNDEFINE -> to.ask("undefine", guest.with(Json.object("managedSave", true)));
      case AUTOSTART -> to.ask("autostart", guest.with(Json.object("on", !model.autostart())));
      case PLUG_IN -> to.ask("attach-device", guest.with(Json.object("xml", disk, "live", true)));
      case PLUG_OUT -> to.ask("detach-device", guest.with(Json.object("xml", disk, "live", true)));
    }
  }

  /** Says what it was found to be, which must be one of what it may be. */
  synchronized void found(GuestModel real) {
    Set<GuestModel> fitting = new HashSet<>();
    for (GuestModel model : possible) {
      if (model.seen().equals(real)) {
        fitting.add(model);
      }
      if (disturbed && model.killed().seen().equals(real)) {
        fitting.add(model.killed());
      }
    }
    if (fitting.isEmpty()) {
      throw new AssertionError(
          name + " is " + real + ", and could be " + possible + " after " + history);
    }
    possible = Set.copyOf(fitting);
    disturbed = false;
    history.clear();
  }

  String name() {
    return name;
  }

  /** Whether anything was asked of it since it was last looked at. */
  synchronized boolean hasActed() {
    return !history.isEmpty();
  }

  /** Whether it surely runs, and nobody has killed its process. */
  synchronized boolean surelyRuns() {
    return !disturbed && possible.stream().allMatch(model -> model.run() == Run.RUNNING);
  }
}
