package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import launcher.drivers.plan.IsolationStep;
import launcher.engine.group.MachineGroups;
import launcher.engine.group.MachineLimits;
import launcher.engine.host.PidFile;
import launcher.engine.lease.ImageUsers;
import launcher.spawn.Errno;
import launcher.spawn.libc.Calls.CallException;
import launcher.spawn.libc.PinnedFile;

/** Carries the steps of isolation out and takes them back. */
public final class IsolationSteps {
  private static final int FILE_TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int CHARACTER_DEVICE = 0020000;

  private IsolationSteps() {}

  private static final class Owner implements FileMemory.Property {
    @Override
    public String memory() {
      return "trusted.launcher.owner";
    }

    @Override
    public String read(PinnedFile file) throws IOException {
      return file.attribute("unix:uid") + ":" + file.attribute("unix:gid");
    }

    @Override
    public void write(PinnedFile file, String value) throws IOException {
      String[] ids = value.split(":", 2);
      file.own(Long.parseLong(ids[0]), Long.parseLong(ids[1]));
    }
  }

  private static final class Label implements FileMemory.Property {
    private static final String SELINUX = "security.selinux";

    @Override
    public String memory() {
      return "trusted.launcher.label";
    }

    @Override
    public String read(PinnedFile file) throws IOException {
      return file.extended(SELINUX).orElse("");
    }

    @Override
    public void write(PinnedFile file, String value) throws IOException {
      if (value.isEmpty()) {
        file.unextend(SELINUX);
      } else {
        file.extend(SELINUX, value);
      }
    }
  }

  /**
   * Does it.
   *
   * @param pid of the program, for what is done when it runs
   * @throws IOException with the reason in words
   */
  public static void carryOut(IsolationStep step, int pid) throws IOException {
    switch (step) {
      case IsolationStep.VerifyOpen verify -> OpenImages.verify(pid, verify.path(), verify.file());
      case IsolationStep.VerifyLabel verify ->
          ProcessLabels.verify(verify.path(), pids(pid, verify.helpers()), verify.label());
      case IsolationStep.LimitDevices devices ->
          DeviceGroup.make(devices.path(), devices.allowed());
      case IsolationStep.AllowDevice allow -> carryOut(allow);
      case IsolationStep.CheckUnused check -> ImageUsers.refuse(check.path(), check.shared(), pid);
      case IsolationStep.FilterDevices filter -> DeviceGroup.filter(filter, pid);
      case IsolationStep.LimitUse limits -> MachineLimits.carryOut(limits, pid);
      case IsolationStep.OwnFile own -> carryOut(own);
      case IsolationStep.LabelFile label -> carryOut(label);
      case IsolationStep.CheckImage check -> carryOut(check);
    }
  }

  private static Set<Integer> pids(int pid, List<Path> pidFiles) {
    Set<Integer> all = new HashSet<>(Set.of(pid));
    pidFiles.forEach(file -> PidFile.read(file).ifPresent(all::add));
    return all;
  }

  /**
   * Does what is done to a file.
   *
   * @throws IOException with the reason in words
   */
  public static void carryOut(IsolationStep step) throws IOException {
    if (step instanceof IsolationStep.AllowDevice allow) {
      DeviceGroup.allow(allow.group(), allow.path());
      return;
    }
    try (PinnedFile file = open(step.path())) {
      switch (step) {
        case IsolationStep.VerifyOpen verify -> throw noFile(verify);
        case IsolationStep.VerifyLabel verify -> throw noFile(verify);
        case IsolationStep.LimitDevices devices -> throw noFile(devices);
        case IsolationStep.AllowDevice allow -> throw noFile(allow);
        case IsolationStep.FilterDevices filter -> throw noFile(filter);
        case IsolationStep.LimitUse limits -> throw noFile(limits);
        case IsolationStep.CheckUnused check -> throw noFile(check);
        case IsolationStep.OwnFile own -> {
          refuseSeveralNames(file);
          FileMemory.acquire(file, new Owner(), own.uid() + ":" + own.gid(), own.user());
        }
        case IsolationStep.LabelFile label -> {
          refuseSeveralNames(file);
          FileMemory.acquire(file, new Label(), label.label(), label.user());
        }
        case IsolationStep.CheckImage check -> check(file, check.device());
      }
    }
  }

  private static IllegalArgumentException noFile(IsolationStep step) {
    return new IllegalArgumentException("is not done to a file: " + step.words());
  }

  /** Takes it back, as far as the file is still there. */
  public static void undo(IsolationStep step) throws IOException {
    if (step.undo().isEmpty() || !Files.exists(step.path())) {
      return;
    }
    if (step instanceof IsolationStep.LimitDevices devices) {
      MachineGroups.remove(devices.path());
      return;
    }
    if (step instanceof IsolationStep.FilterDevices filter) {
      DeviceGroup.unfilter(filter.path(), filter.user());
      return;
    }
    if (step instanceof IsolationStep.LimitUse limits) {
      MachineGroups.removeAll(limits.user());
      return;
    }
    try (PinnedFile file = open(step.path())) {
      switch (step) {
        case IsolationStep.OwnFile own -> FileMemory.release(file, new Owner(), own.user());
        case IsolationStep.LabelFile label -> FileMemory.release(file, new Label(), label.user());
        case IsolationStep.CheckImage check -> {
          // nothing was changed
        }
        case IsolationStep.VerifyOpen verify -> {
          // nothing was changed
        }
        case IsolationStep.CheckUnused check -> {
          // nothing was changed
        }
        case IsolationStep.VerifyLabel verify -> throw noFile(verify);
        case IsolationStep.LimitDevices devices -> throw noFile(devices);
        case IsolationStep.AllowDevice allow -> throw noFile(allow);
        case IsolationStep.FilterDevices filter -> throw noFile(filter);
        case IsolationStep.LimitUse limits -> throw noFile(limits);
      }
    }
  }

  private static PinnedFile open(Path path) throws IOException {
    try {
      return PinnedFile.open(path);
    } catch (CallException failed) {
      if (failed.errno() == Errno.ELOOP) {
        throw new IOException("A symbolic link has taken its place since it was looked up", failed);
      }
      throw new IOException(Errno.text(failed.errno()), failed);
    }
  }

  /** Another name of the file may belong to somebody who does not expect it to change hands. */
  private static void refuseSeveralNames(PinnedFile file) throws IOException {
    boolean regular = ((Integer) file.attribute("unix:mode") & FILE_TYPE) == REGULAR;
    int names = (Integer) file.attribute("unix:nlink");
    if (regular && names > 1) {
      throw new IOException(
          "It has "
              + names
              + " names (hard links), and would change under all of them; copy it, or set relabel='no'");
    }
  }

  /** What may be read and written as an image: no fifo, socket, folder or character device. */
  public static void refuseOtherThanImage(PinnedFile file) throws IOException {
    check(file, false);
  }

  /** What is a character device and nothing else. */
  public static void refuseOtherThanDevice(PinnedFile file) throws IOException {
    if (((Integer) file.attribute("unix:mode") & FILE_TYPE) != CHARACTER_DEVICE) {
      throw new IOException("It is no character device");
    }
  }

  private static void check(PinnedFile file, boolean device) throws IOException {
    int type = (Integer) file.attribute("unix:mode") & FILE_TYPE;
    if (device && type != BLOCK_DEVICE) {
      throw new IOException("It is no block device; for a file the disk needs type='file'");
    }
    if (!device && type != REGULAR && type != BLOCK_DEVICE) {
      throw new IOException("It is neither a regular file nor a block device");
    }
  }
}
