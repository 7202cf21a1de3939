package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The host as a test sees it from outside of launcher, and other machines on its networks. */
final class Host {
  private Host() {}

  /** What a program said, and how it ended. */
  record Said(int status, String text) {}

  /** Runs a program that has to succeed and gives what it said. */
  static String run(String... words) {
    Said said = attempt(words);
    assertEquals(0, said.status(), String.join(" ", words) + "\n" + said.text());
    return said.text();
  }

  /** Runs a program that may fail. */
  static Said attempt(String... words) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Said(process.waitFor(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void need(String... programs) {
    for (String program : programs) {
      boolean there =
          List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin").stream()
              .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
      assumeTrue(there, "this test needs the program '" + program + "'");
    }
  }

  /** A text of the kernel. */
  static String read(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Another machine: a network namespace with one interface {@code eth0}.
   *
   * @param name of the namespace
   */
  record Machine(String name) {
    /** A machine plugged into a bridge of the host. */
    static Machine on(String bridge, String name, String mac) {
      Machine machine = new Machine(name);
      machine.plug(name + "-up", mac);
      run("ip", "link", "set", name + "-up", "master", bridge, "up");
      return machine;
    }

    /** A machine behind an interface of the host, each with its addresses. */
    static Machine behind(String link, String name, List<String> host, List<String> own) {
      Machine machine = new Machine(name);
      machine.plug(link, "52:54:00:ff:00:01");
      for (String address : host) {
        run(settled("ip", "address", "add", address, "dev", link));
      }
      run("ip", "link", "set", link, "up");
      for (String address : own) {
        machine.inside(settled("ip", "address", "add", address, "dev", "eth0"));
      }
      return machine;
    }

    /** Usable at once: nobody else on these links could have the address (RFC 4862, 5.4). */
    private static String[] settled(String... words) {
      List<String> all = new ArrayList<>(List.of(words));
      if (words[3].contains(":")) {
        all.add("nodad");
      }
      return all.toArray(String[]::new);
    }

    private void plug(String link, String mac) {
      run("ip", "netns", "add", name);
      run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name);
      inside("ip", "link", "set", "lo", "up");
      inside("ip", "link", "set", "eth0", "address", mac, "up");
      run("ip", "netns", "exec", name, "true");
    }

    /** Runs a program on this machine that has to succeed. */
    String inside(String... words) {
      return run(with(words));
    }

    /** Runs a program on this machine. */
    Said tries(String... words) {
      return attempt(with(words));
    }

    /** Starts a program on this machine that goes on; it ends with the test. */
    Process starts(String... words) {
      try {
        return new ProcessBuilder(with(words))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Starts a program on this machine that is spoken with. */
    Process talks(String... words) throws IOException {
      return new ProcessBuilder(with(words)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** Waits until somebody on this machine listens. */
    void awaitListener(int port) {
      Instant deadline = Instant.now().plusSeconds(60);
      while (!tries("ss", "-Hltn").text().contains(":" + port)) {
        assertTrue(Instant.now().isBefore(deadline), "no server on port " + port);
      }
    }

    /** Waits until this machine has an address that begins so, with whose help ever. */
    void awaitAddress(String beginning) {
      Instant deadline = Instant.now().plusSeconds(60);
      // asked anew: what is told before one listens is told to nobody, and not again for minutes
      while (!tries("ip", "-br", "address", "show", "dev", "eth0").text().contains(beginning)) {
        assertTrue(Instant.now().isBefore(deadline), "no address " + beginning);
      }
    }

    /** Serves a folder over HTTP, and waits until the server listens. */
    Process serves(Path folder, int port) {
      Process server =
          starts("busybox", "httpd", "-f", "-p", Integer.toString(port), "-h", folder.toString());
      awaitListener(port);
      return server;
    }

    /** Whether a file is had from a server that is reached within some seconds. */
    boolean fetches(String url) {
      return tries("curl", "--silent", "--fail", "--connect-timeout", "4", "--max-time", "60", url)
              .status()
          == 0;
    }

    /** Asks for an address by DHCP and takes it; gives what the client said. */
    String asksForAddress(Path script, String hostName) {
      return inside(
          "busybox",
          "udhcpc",
          "-f",
          "-q",
          "-n",
          "-t",
          "20",
          "-T",
          "1",
          "-i",
          "eth0",
          "-x",
          "hostname:" + hostName,
          "-s",
          script.toString());
    }

    private String[] with(String... words) {
      List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
      all.addAll(List.of(words));
      return all.toArray(String[]::new);
    }
  }

  /** What udhcpc runs when it has an address; it is udhcpc that wants a script. */
  static Path dhcpScript(Path folder) throws IOException {
    Path script = folder.resolve("udhcpc.script");
    Files.writeString(
        script,
        """
        #!/bin/sh
        case $1 in bound|renew)
          ip address replace $ip/$mask dev $interface
          [ -n "$router" ] && ip route replace default via $router
          echo "address=$ip mask=$mask router=$router dns=$dns hostname=$hostname domain=$domain";;
        esac
        """);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  /** Events as they come, waited for. */
  static final class Events {
    private static final long PATIENCE_SECONDS = 60;
    private final BlockingQueue<NetworkEvent> queue = new LinkedBlockingQueue<>();

    Events(Networks networks) {
      networks.listen(queue::add);
    }

    /** The next event that fits; the others are passed over. */
    NetworkEvent await(Predicate<NetworkEvent> wanted) throws InterruptedException {
      List<NetworkEvent> seen = new ArrayList<>();
      while (true) {
        NetworkEvent event = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
          throw new AssertionError("the event did not come; seen were " + seen);
        }
        if (wanted.test(event)) {
          return event;
        }
        seen.add(event);
      }
    }
  }
}
