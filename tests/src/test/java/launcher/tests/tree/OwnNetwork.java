package launcher.tests.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A host of its own, as far as links go: a network namespace with its own {@code /sys}, which still
 * shows the control groups, and its own named namespaces. It is gone with the process that holds it
 * open.
 *
 * @param holder a process that only sleeps
 */
record OwnNetwork(Process holder) implements AutoCloseable {

  static OwnNetwork open(Path folder) throws IOException, InterruptedException {
    Process holder =
        new ProcessBuilder(
                "unshare",
                "--net",
                "--mount",
                "--propagation",
                "private",
                "busybox",
                "sh",
                "-c",
                "echo held; exec sleep 3600")
            .start();
    holder.inputReader().readLine();
    OwnNetwork network = new OwnNetwork(holder);
    String groups = Files.createDirectory(folder.resolve("groups")).toString();
    network.succeed("ip", "link", "set", "lo", "up");
    network.succeed("mount", "--rbind", "/sys/fs/cgroup", groups);
    network.succeed("mount", "-t", "sysfs", "none", "/sys");
    network.succeed("mount", "--rbind", groups, "/sys/fs/cgroup");
    network.succeed("umount", "-l", groups);
    network.succeed("mkdir", "-p", "/run/netns");
    network.succeed("mount", "-t", "tmpfs", "none", "/run/netns");
    return network;
  }

  /** The words that bring a command into it. */
  List<String> words() {
    return List.of("nsenter", "--net", "--mount", "--target", Long.toString(holder.pid()), "--");
  }

  /** Starts a program inside. */
  Process begin(String... words) throws IOException {
    List<String> all = new ArrayList<>(words());
    all.addAll(List.of(words));
    return new ProcessBuilder(all).redirectErrorStream(true).start();
  }

  /** Runs a program inside, which has to succeed, and gives what it said. */
  String succeed(String... words) throws IOException, InterruptedException {
    Process process = begin(words);
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", words) + ": " + text.strip());
    }
    return text;
  }

  @Override
  public void close() {
    holder.destroyForcibly();
  }
}
