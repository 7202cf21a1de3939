package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import launcher.engine.bus.SystemBus;

/**
 * A real firewalld on a message bus of its own, in the namespace of the test; its lasting
 * configuration is in a folder of the test.
 */
final class PrivateFirewalld implements AutoCloseable {
  private static final String SERVICE = "org.fedoraproject.FirewallD1";

  private static final String BUS =
      """
      <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
       "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
      <busconfig>
        <type>system</type>
        <listen>unix:path=SOCKET</listen>
        <auth>EXTERNAL</auth>
        <policy context="default">
          <allow user="*"/>
          <allow own="*"/>
          <allow send_destination="*"/>
          <allow send_type="method_call"/>
          <allow send_type="signal"/>
          <allow send_requested_reply="true" send_type="method_return"/>
          <allow send_requested_reply="true" send_type="error"/>
          <allow receive_type="method_call"/>
          <allow receive_type="method_return"/>
          <allow receive_type="error"/>
          <allow receive_type="signal"/>
        </policy>
      </busconfig>
      """;

  private final Path folder;
  private final Process bus;
  private Process firewalld;

  private PrivateFirewalld(Path folder, Process bus) throws IOException {
    this.folder = folder;
    this.bus = bus;
    this.firewalld = launch();
  }

  static PrivateFirewalld in(Path folder) throws IOException {
    Host.need("dbus-daemon", "firewalld");
    Path configuration = folder.resolve("bus.conf");
    Path socket = folder.resolve("bus.sock");
    Files.writeString(configuration, BUS.replace("SOCKET", socket.toString()));
    Process bus =
        new ProcessBuilder(
                "dbus-daemon",
                "--config-file=" + configuration,
                "--nofork",
                "--nopidfile",
                "--print-address")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    bus.inputReader().readLine();
    return new PrivateFirewalld(folder, bus);
  }

  String address() {
    return "unix:path=" + folder.resolve("bus.sock");
  }

  private Process launch() throws IOException {
    Path lasting = Files.createDirectories(folder.resolve("firewalld"));
    ProcessBuilder command =
        new ProcessBuilder(
            "firewalld",
            "--nofork",
            "--nopid",
            "--system-config",
            lasting.toString(),
            "--log-target",
            "file",
            "--log-file",
            folder.resolve("firewalld.log").toString());
    command.environment().put("DBUS_SYSTEM_BUS_ADDRESS", address());
    Process process =
        command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    awaitRunning();
    return process;
  }

  private void awaitRunning() {
    Instant deadline = Instant.now().plusSeconds(60);
    try (SystemBus asking = new SystemBus(address())) {
      while (!state(asking).contains("RUNNING")) {
        assertTrue(Instant.now().isBefore(deadline), "firewalld does not run");
      }
    }
  }

  private static String state(SystemBus asking) {
    if (!asking.hasOwner(SERVICE)) {
      return "";
    }
    return asking
        .call(
            SERVICE,
            "/org/fedoraproject/FirewallD1",
            "org.freedesktop.DBus.Properties",
            "Get",
            "ss",
            SERVICE,
            "state")
        .toString();
  }

  void reload() {
    try (SystemBus asking = new SystemBus(address())) {
      asking.call(SERVICE, "/org/fedoraproject/FirewallD1", SERVICE, "reload", "");
    }
  }

  /** Kills it, so that it has no time to clean up, and starts it again. */
  void crash() throws IOException, InterruptedException {
    firewalld.destroyForcibly().waitFor();
    firewalld = launch();
  }

  String zoneOf(String link) {
    try (SystemBus asking = new SystemBus(address())) {
      return String.valueOf(
          asking
              .call(
                  SERVICE,
                  "/org/fedoraproject/FirewallD1",
                  SERVICE + ".zone",
                  "getZoneOfInterface",
                  "s",
                  link)
              .getFirst());
    }
  }

  @Override
  public void close() {
    firewalld.destroy();
    bus.destroy();
  }
}
