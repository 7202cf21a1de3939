package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import launcher.schemas.network.Network;
import launcher.schemas.network.NetworkReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What dnsmasq wrote, and what somebody made of it. */
final class LeaseFileTest {
  private static final Network LAB =
      new NetworkReader()
          .read(
              "lab.xml",
              """
              <network><name>lab</name>
                <ip address='10.77.0.1' prefix='24'/>
                <ip family='ipv6' address='fd00:77::1' prefix='64'/>
              </network>
              """);

  @TempDir Path folder = Path.of("/");

  private List<Lease> leases(String text) throws IOException {
    Path file = folder.resolve("lab.leases");
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    return LeaseFile.read(file, LAB, Instant.ofEpochSecond(1000));
  }

  @Test
  void readsBothFamilies() throws IOException {
    List<Lease> leases =
        leases(
            """
            2000 52:54:00:77:00:10 10.77.0.10 web 01:52:54:00:77:00:10
            0 52:54:00:77:00:11 10.77.0.11 * *
            999 52:54:00:77:00:12 10.77.0.12 over *
            duid 00:01:00:01:32:9c:4d:2d:66:d8:66:ff:d8:0c
            2000 12345 fd00:77::10 six 00:03:00:01:52:54:00:77:00:20
            """);
    assertEquals(
        List.of(
            new Lease(
                Optional.of(Instant.ofEpochSecond(2000)),
                "52:54:00:77:00:10",
                "",
                "10.77.0.10/24",
                "web",
                "01:52:54:00:77:00:10"),
            new Lease(Optional.empty(), "52:54:00:77:00:11", "", "10.77.0.11/24", "", ""),
            new Lease(
                Optional.of(Instant.ofEpochSecond(2000)),
                "52:54:00:77:00:20",
                "12345",
                "fd00:77::10/64",
                "six",
                "00:03:00:01:52:54:00:77:00:20")),
        leases);
  }

  @Test
  void whatIsNoLeaseIsPassedOverAndNoTextIsTrusted() throws IOException {
    List<Lease> leases =
        leases(
            "2000 52:54:00:77:00:10 10.77.0.10 \u001b[31mred *\n"
                + "2000 52:54:00:77:00:11 10.77.0.11 $(reboot) *\n"
                + "2000 52:54:00:77:00:12 10.77.0.12 -n *\n"
                + "2000 52:54:00:77:00:13 10.77.0.13 two words *\n"
                + "2000 52:54:00:77:00:14 10.77.0.14 ok ../../etc\n"
                + "2000 notamac 10.77.0.15 ok *\n"
                + "99999999999999999999 52:54:00:77:00:16 10.77.0.16 ok *\n"
                + "-5 52:54:00:77:00:17 10.77.0.17 ok *\n"
                + "2000 52:54:00:77:00:18 evil.example ok *\n"
                + "2000 52:54:00:77:00:19 fe80::1%eth0 ok *\n"
                + "2000 52:54:00:77:00:20 10.77.0.20 "
                + "x".repeat(300)
                + " *\n"
                + "\u0000\u0000\n\n   \n*\n"
                + "2000 52:54:00:77:00:21 10.99.0.21 stranger *\r\n");
    for (Lease lease : leases) {
      String all = lease.mac() + lease.address() + lease.hostname() + lease.client();
      assertTrue(all.matches("[A-Za-z0-9_.:/-]*"), all);
      assertTrue(!lease.hostname().startsWith("-"), lease.hostname());
    }
    List<String> addresses = leases.stream().map(Lease::address).toList();
    assertEquals(
        List.of(
            "10.77.0.10/24",
            "10.77.0.11/24",
            "10.77.0.12/24",
            "10.77.0.14/24",
            "10.77.0.15/24",
            "10.77.0.20/24",
            "10.99.0.21"),
        addresses);
  }

  @Test
  void aFileOfAnySizeIsNotReadForEver() throws IOException {
    Path file = folder.resolve("lab.leases");
    try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
      huge.setLength(1L << 40);
    }
    assertEquals(List.of(), LeaseFile.read(file, LAB, Instant.now()));
  }
}
