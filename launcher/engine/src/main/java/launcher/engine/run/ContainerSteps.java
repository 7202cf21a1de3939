package launcher.engine.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import launcher.drivers.plan.ContainerStep;
import launcher.engine.host.ControlGroups;
import launcher.engine.host.HostLinks;
import launcher.engine.host.InitProcess;
import launcher.engine.store.AtomicFile;
import launcher.spawn.Bytes;
import launcher.spawn.Child;
import launcher.spawn.CommandBuilder;
import launcher.spawn.CommandSpec;
import launcher.spawn.Environment;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;
import launcher.spawn.StandardInput;
import launcher.spawn.libc.Calls;

/** Carries out steps of containers and takes them back. */
final class ContainerSteps {
  /** LXC sets up namespaces, mounts and links until init runs; a loaded host takes seconds. */
  private static final Duration INIT = Duration.ofSeconds(60);

  /** How often it is looked whether init runs: LXC tells nobody, its end is told at once. */
  private static final Duration LOOK = Duration.ofMillis(5);

  private static final Duration TOOL = Duration.ofSeconds(60);

  private final Spawner spawner;

  ContainerSteps(Spawner spawner) {
    this.spawner = spawner;
  }

  void carryOut(ContainerStep step, Workspace workspace) throws IOException {
    switch (step) {
      case ContainerStep.ControlGroup claim -> {
        clear(claim.group());
        workspace.claim(claim);
      }
      case ContainerStep.MountImage mount -> mount(mount);
      case ContainerStep.HostEnd(String device, int _) -> {
        int after = HostLinks.highest();
        if (HostLinks.exists(device)) {
          throw new NothingDone("the host has a link of that name: choose another <target dev>");
        }
        workspace.claim(new ContainerStep.HostEnd(device, after));
      }
      case ContainerStep.AwaitInit(String init, Path log) -> awaitInit(log, workspace.child());
      case ContainerStep.ConfigureLinks(boolean inside, List<String> commands) ->
          links(inside, commands, workspace.child());
    }
  }

  void undo(ContainerStep step) throws IOException {
    switch (step) {
      case ContainerStep.ControlGroup(String group, Path configuration) -> {
        if (!isOthers(group, configuration)) {
          ControlGroups.remove(group);
        }
      }
      case ContainerStep.MountImage mount -> unmount(mount.folder());
      case ContainerStep.HostEnd(String device, int after) -> removeLink(device, after);
      case ContainerStep.AwaitInit awaited -> {
        // ends with the process
      }
      case ContainerStep.ConfigureLinks links -> {
        // the links end with the container
      }
    }
  }

  /** A pair of veths that came after the claim; whatever else has the name now is not ours. */
  private void removeLink(String device, int after) throws IOException {
    if (!HostLinks.exists(device) || HostLinks.number(device) <= after || !isPair(device)) {
      return;
    }
    try {
      run(
          CommandSpec.of("ip")
              .add("link", "delete", "dev", device)
              .environment(Environment.common())
              .capture()
              .build());
    } catch (IOException e) {
      // the kernel was faster
      if (HostLinks.exists(device)) {
        throw e;
      }
    }
  }

  private boolean isPair(String device) throws IOException {
    CommandSpec show =
        CommandSpec.of("ip")
            .add("-json", "-details", "link", "show", "dev", device)
            .environment(Environment.common())
            .capture()
            .build();
    try {
      return spawner.run(show, TOOL).text().contains("\"info_kind\":\"veth\"");
    } catch (SpawnException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Whether the monitor of another container is in the group. */
  private static boolean isOthers(String group, Path configuration) throws IOException {
    return ControlGroups.processes(group + "/monitor").stream()
        .map(ContainerSteps::words)
        .anyMatch(words ->
            words.contains("--rcfile=") && !words.contains("--rcfile=" + configuration + "\0"));
  }

  /** A process's command, each word closed by a zero; empty when it has ended. */
  private static String words(int pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
    } catch (IOException ended) {
      return "";
    }
  }

  private static void clear(String group) throws IOException {
    List<Integer> alive = ControlGroups.processes(group);
    if (!alive.isEmpty()) {
      throw new NothingDone(
          "processes of another container are in it: " + alive + "; end them, or rename the guest");
    }
    ControlGroups.remove(group);
  }

  private void mount(ContainerStep.MountImage mount) throws IOException {
    AtomicFile.folder(mount.folder(), 0755);
    CommandBuilder command = CommandSpec.of("mount").environment(Environment.common()).capture();
    String options = (mount.readOnly() ? "ro" : "rw") + (mount.loop() ? ",loop" : "");
    command.add("-o", options, "--", mount.source().toString(), mount.folder().toString());
    run(command.build());
  }

  // Never a recursive removal here: what is mounted is the container's own data.
  private static void unmount(Path folder) throws IOException {
    boolean mounted =
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .anyMatch(line -> line.split(" ")[1].equals(octal(folder)));
    if (mounted) {
      Calls.unmount(folder);
    }
    Files.deleteIfExists(folder);
    Path parent = folder.getParent();
    if (parent != null && Files.isDirectory(parent)) {
      try (var rest = Files.newDirectoryStream(parent)) {
        if (!rest.iterator().hasNext()) {
          Files.deleteIfExists(parent);
        }
      }
    }
  }

  private static String octal(Path folder) {
    return folder.toString().replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011");
  }

  private static void awaitInit(Path log, Child monitor) throws IOException {
    long deadline = System.nanoTime() + INIT.toNanos();
    while (InitProcess.of(monitor.pid()).isEmpty()) {
      if (monitor.await(LOOK).isPresent()) {
        if (ran(log)) {
          // and has ended by now, which whoever watches it sees
          return;
        }
        throw new IOException(reason(log));
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("it did not run within " + INIT.toSeconds() + " s");
      }
    }
  }

  private static boolean ran(Path log) throws IOException {
    return Files.readAllLines(log, StandardCharsets.ISO_8859_1).stream()
        .anyMatch(line -> line.contains(" - Started \""));
  }

  /** The first error of LXC's log: those after it are its consequences. */
  private static String reason(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    String words = error(lines);
    if (words.contains("cgroup") && !System.getProperty("user.name", "").equals("root")) {
      return words
          + " (a plain user's containers need control groups of the user's own: begin the first"
          + " command with 'systemd-run --user --scope -p Delegate=yes')";
    }
    // the package of lxc has the profile, that of apparmor loads it
    boolean confined = lines.stream().anyMatch(l -> l.contains(" ERROR ") && l.contains("/lsm/"));
    return confined && lines.stream().anyMatch(line -> line.contains("security driver AppArmor"))
        ? words
            + " (AppArmor is on: load LXC's profiles with 'apparmor_parser -r"
            + " /etc/apparmor.d/lxc-containers', or say <seclabel type='none'/>)"
        : words;
  }

  private static String error(List<String> lines) {
    for (String line : lines) {
      int error = line.indexOf(" ERROR ");
      int text = line.indexOf(" - ", line.indexOf(" - ", Math.max(0, error)) + 1);
      if (error >= 0 && text >= 0) {
        return "LXC gave up: " + line.substring(text + " - ".length());
      }
    }
    return "LXC gave up without a word";
  }

  private void links(boolean inside, List<String> commands, Child monitor) throws IOException {
    CommandBuilder command = CommandSpec.of(inside ? "nsenter" : "ip");
    if (inside) {
      int init = InitProcess.of(monitor.pid()).orElseThrow(() -> new IOException("init has ended"));
      command.add("--net=/proc/" + init + "/ns/net", "--", "ip");
    }
    String batch = String.join("\n", commands) + "\n";
    command
        .add("-batch", "-")
        .environment(Environment.common())
        .capture()
        .input(new StandardInput.Fed(Bytes.of(batch.getBytes(StandardCharsets.UTF_8))));
    run(command.build());
  }

  private void run(CommandSpec command) throws IOException {
    try {
      spawner.run(command, TOOL).orThrow();
    } catch (SpawnException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
