package launcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.drivers.lxc.ContainerFacts;
import launcher.drivers.lxc.ContainerTranslation;
import launcher.drivers.lxc.conversion.NativeFromDomain;
import launcher.drivers.plan.HostFacts;

/**
 * {@code domxml-to-native --format lxc-tools}: the configuration that a container would be started
 * with, for a host with the unified hierarchy of control groups; no host is touched.
 *
 * @param invocation the call
 */
record ContainerToNative(Invocation invocation) {
  private static final HostFacts HOST = new HostFacts("x86_64", "host", 0, 0, 1, 1 << 20, false);
  private static final ContainerFacts FACTS =
      new ContainerFacts(
          new ContainerFacts.HostGroups(Set.of(), Set.of("memory", "cpu", "cpuset", "io")),
          Map.of(),
          Set.of(),
          Map.of(),
          Map.of());

  Outcome run() {
    int refused = 0;
    for (String file : invocation.operands("file")) {
      refused += print(file) ? 0 : 1;
    }
    return refused == 0 ? Outcome.DONE : Outcome.INVALID;
  }

  private boolean print(String file) {
    ContainerTranslation.Result result;
    try {
      result =
          ContainerTranslation.complete(
              file,
              Files.readString(Path.of(file)),
              UUID.randomUUID().toString(),
              HOST.architecture());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    result.problems().forEach(problem -> invocation.output().note(problem + "\n"));
    if (result.completed().isEmpty()) {
      return false;
    }
    var domain = result.completed().get();
    Path run = Path.of("/run/launcher/guests").resolve(domain.value("uuid", ""));
    try {
      invocation.output().text(NativeFromDomain.configuration(domain, FACTS, HOST, run));
      return true;
    } catch (IllegalStateException e) {
      throw new ControlException(
          Outcome.FAILED, file + ": " + e.getMessage() + ": it depends on the host", e);
    }
  }
}
