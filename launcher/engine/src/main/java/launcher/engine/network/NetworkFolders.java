package launcher.engine.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import launcher.drivers.dnsmasq.DnsmasqFiles;
import launcher.engine.Folders;
import launcher.engine.store.FileNames;

/**
 * Where the files of networks lie.
 *
 * @param definitions what people define
 * @param runtime what runs; gone after a reboot of the host
 * @param state of dnsmasq: configuration, and leases that last
 * @param logs what dnsmasq says
 */
public record NetworkFolders(Path definitions, Path runtime, Path state, Path logs) {
  /** Those of an engine. */
  public static NetworkFolders of(Folders folders) {
    return new NetworkFolders(
        folders.networks(),
        folders.runtime().resolve("networks"),
        folders.state().resolve("dnsmasq"),
        folders.logs());
  }

  /** Whether any network is defined or runs. */
  public boolean inUse() {
    return hasFiles(definitions) || hasFiles(runtime);
  }

  private static boolean hasFiles(Path folder) {
    try (var files = Files.newDirectoryStream(folder, "*.xml")) {
      return files.iterator().hasNext();
    } catch (IOException none) {
      return false;
    }
  }

  /** There when the networks that start with the host have been started since its boot. */
  Path started() {
    return runtime.resolve("autostarted");
  }

  /** The record of a running network. */
  Path live(String network) {
    return runtime.resolve(FileNames.of(network) + ".xml");
  }

  /** The files of a network's dnsmasq. */
  DnsmasqFiles dnsmasq(String network) {
    return DnsmasqFiles.of(state, runtime, logs, FileNames.of(network));
  }
}
