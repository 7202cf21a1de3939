package launcher.drivers.dnsmasq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import launcher.schemas.network.Network;
import launcher.schemas.network.NetworkReader;
import launcher.spawn.Identity;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every network of the acceptance data becomes the configuration libvirt makes of it. */
final class DnsmasqCorpusTest {
  private static final NetworkReader READER = new NetworkReader();

  @TestFactory
  Stream<DynamicTest> saysTheSame() {
    return Corpus.files("dnsmasq", ".conf").stream()
        .map(conf -> DynamicTest.dynamicTest(name(conf), () -> check(conf)));
  }

  @Test
  void sawEveryCase() {
    assertTrue(Corpus.files("dnsmasq", ".conf").size() >= 20);
  }

  private static String name(Path conf) {
    return conf.getFileName().toString().replace(".conf", "");
  }

  private static void check(Path conf) throws IOException {
    Path xml = conf.resolveSibling(name(conf) + ".xml");
    Path hosts = conf.resolveSibling(name(conf) + ".hostsfile");
    Network network = READER.read(xml.toString(), Files.readString(xml));
    // A file's name holds the network's name, and the one with quotes must come through quoting.
    DnsmasqFiles files =
        DnsmasqFiles.of(Path.of("/state"), Path.of("/run"), Path.of("/log"), network.name());
    DnsmasqPlan plan =
        DnsmasqDriver.plan(
            network, Path.of("/usr/sbin/dnsmasq"), files, new Identity(65534, 65534));
    assertEquals(lines(Files.readString(conf)), lines(plan.configuration()));
    assertEquals(Files.exists(hosts) ? Files.readString(hosts) : "", plan.reservations());
  }

  /** The lines that say something, with the folder of the files left out. */
  private static List<String> lines(String text) {
    return text.lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceFirst("(hostsfile|hosts)=\"?/(.*/)?", "$1=FOLDER/"))
        .map(line -> line.replace("&quot;", "\"").replace("\\\"", "\"").replaceFirst("\"$", ""))
        .toList();
  }
}
