package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.LinkStep;
import launcher.engine.EngineException;
import launcher.engine.network.Host.Machine;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Limits on traffic, felt by real connections. A loaded machine only makes these slower. */
@ExtendWith(InOwnNetwork.class)
final class TrafficLimitIT {
  private static final int KILOBYTES = 400;

  /** 400 kB at 200 kB a second, less what the bucket holds at first. */
  private static final double SLOW_SECONDS = 1.2;

  private final HostTools tools = new HostTools(new RealSpawner());

  private static LinkStep.LimitTraffic limit(Optional<Long> sent, Optional<Long> received) {
    return new LinkStep.LimitTraffic(
        "web-up", sent.map(TrafficLimitIT::rate), received.map(TrafficLimitIT::rate));
  }

  private static LinkStep.Rate rate(long average) {
    return new LinkStep.Rate(average, Optional.empty(), Optional.of(16L));
  }

  /** The host's end of a bridge, and a machine on it, which serve a file to each other. */
  private record Scene(Machine web, List<Process> servers) implements AutoCloseable {
    static Scene build() throws IOException {
      Host.need("ip", "tc", "curl", "busybox", "ss");
      Path folder = Files.createTempDirectory("limit-");
      Files.write(folder.resolve("data"), new byte[KILOBYTES * 1000]);
      Host.run("ip", "link", "add", "br0", "type", "bridge");
      Host.run("ip", "address", "add", "10.76.0.1/24", "dev", "br0");
      Host.run("ip", "link", "set", "br0", "up");
      Machine web = Machine.on("br0", "web", "52:54:00:76:00:10");
      web.inside("ip", "address", "add", "10.76.0.10/24", "dev", "eth0");
      Process there = web.serves(folder, 7777);
      Process here =
          new ProcessBuilder("busybox", "httpd", "-f", "-p", "7777", "-h", folder.toString())
              .start();
      return new Scene(web, List.of(there, here));
    }

    double guestReceives() {
      return seconds(web.inside(fetch("10.76.0.1")));
    }

    double guestSends() {
      return seconds(Host.run(fetch("10.76.0.10")));
    }

    private static String[] fetch(String from) {
      return new String[] {
        "curl",
        "--silent",
        "--fail",
        "--retry",
        "5",
        "--retry-connrefused",
        "--max-time",
        "60",
        "--output",
        "/dev/null",
        "--write-out",
        "%{time_total}",
        "http://" + from + ":7777/data"
      };
    }

    private static double seconds(String said) {
      return Double.parseDouble(said.strip());
    }

    @Override
    public void close() {
      servers.forEach(Process::destroy);
    }
  }

  @Test
  void eachDirectionIsHeldBackToItsOwnRate() throws IOException {
    try (Scene scene = Scene.build()) {
      TrafficLimit.put(tools, limit(Optional.of(200L), Optional.empty()));
      double received = scene.guestReceives();
      assertTrue(received > SLOW_SECONDS, received + " s");
      assertFalse(Host.run("ip", "-br", "link").contains("ifb-"));
      TrafficLimit.remove(tools, "web-up");
      TrafficLimit.put(tools, limit(Optional.empty(), Optional.of(200L)));
      double sent = scene.guestSends();
      assertTrue(sent > SLOW_SECONDS, sent + " s");
      assertFalse(Host.run("tc", "qdisc", "show", "dev", "web-up").contains("htb"));
    }
  }

  @Test
  void limitsAreReplacedAndTakenAwayWhole() throws IOException {
    try (Scene scene = Scene.build()) {
      TrafficLimit.put(tools, limit(Optional.of(200L), Optional.of(200L)));
      TrafficLimit.put(tools, limit(Optional.of(300L), Optional.of(400L)));
      assertTrue(Host.run("tc", "class", "show", "dev", "web-up").contains("rate 2400Kbit"));
      assertTrue(Host.run("tc", "class", "show", "dev", "ifb-web-up").contains("rate 3200Kbit"));
      TrafficLimit.remove(tools, "web-up");
      assertEquals("", Host.run("tc", "class", "show", "dev", "web-up"));
      assertFalse(Host.run("tc", "qdisc", "show", "dev", "web-up").contains("ingress"));
      assertFalse(Host.run("ip", "-br", "link").contains("ifb-"));
      assertTrue(scene.guestReceives() < 60);
      // of a link that is gone already, the rest goes too
      TrafficLimit.put(tools, limit(Optional.of(200L), Optional.of(200L)));
      Host.run("ip", "link", "delete", "web-up");
      TrafficLimit.remove(tools, "web-up");
      assertFalse(Host.run("ip", "-br", "link").contains("ifb-"));
    }
  }

  @Test
  void aRateTheKernelRefusesIsTakenBackWithItsReason() throws IOException {
    try (Scene scene = Scene.build()) {
      LinkStep.Rate absurd = new LinkStep.Rate(Long.MAX_VALUE, Optional.empty(), Optional.empty());
      EngineException refusal =
          assertThrows(
              EngineException.class,
              () ->
                  TrafficLimit.put(
                      tools,
                      new LinkStep.LimitTraffic(
                          "web-up", Optional.of(rate(200)), Optional.of(absurd))));
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains("cannot limit what is received on 'web-up'"), message);
      assertEquals("", Host.run("tc", "class", "show", "dev", "web-up"));
      assertFalse(Host.run("ip", "-br", "link").contains("ifb-"));
      assertTrue(scene.guestSends() < 60);
    }
  }

  @Test
  void namesBetweenFitTheKernel() {
    assertEquals("ifb-virbr0", TrafficLimit.between("virbr0"));
    assertEquals(12, TrafficLimit.between("a-long-bridge-0").length());
  }
}
