package launcher.drivers.qemu.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One bad file of many is refused with its reason and its place; the others are translated. */
class DomxmlToNativeTest {
  private static final Path PROFILE =
      Path.of("src/test/resources/launcher/drivers/qemu/golden/profile");
  private static final String GOOD =
      "<domain type='qemu'><name>g</name><memory>1048576</memory>"
          + "<os><type arch='x86_64' machine='pc'>hvm</type></os></domain>";

  @TempDir Path folder = Path.of(".");

  private final List<String> printed = new ArrayList<>();

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private int run(Path... files) {
    return DomxmlToNative.of(PROFILE, true)
        .run(List.of(files), Optional.of(folder.resolve("out")), printed::add);
  }

  private String error(String name) throws IOException {
    return Files.readString(folder.resolve("out").resolve(name + ".err")).strip();
  }

  @Test
  void oneBadFileDoesNotStopTheOthers() throws IOException {
    Path broken = file("broken.xml", GOOD.replace("</os>", ""));
    Path entity =
        file("entity.xml", "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + GOOD);
    Path deep = file("deep.xml", "<a>".repeat(100_000));
    Path text = file("text.xml", "hello");
    Path settings = file("settings.xml", GOOD);
    file("settings.settings.json", "{");
    Path latin = folder.resolve("latin.xml");
    Files.write(latin, GOOD.replace(">g<", ">gü<").getBytes(StandardCharsets.ISO_8859_1));
    Path giant = folder.resolve("giant.xml");
    Files.write(giant, new byte[XmlReader.MAX_SIZE + 1]);
    Path good = file("good.xml", GOOD);

    assertEquals(
        8,
        run(
            folder.resolve("absent.xml"),
            broken,
            entity,
            deep,
            text,
            settings,
            latin,
            giant,
            good));

    assertEquals(
        folder.resolve("absent.xml") + ": cannot be read: it does not exist", error("absent"));
    assertTrue(error("broken").startsWith(broken + ":1:"), error("broken"));
    assertTrue(error("entity").contains("document type"), error("entity"));
    assertTrue(error("deep").contains("nested deeper than 100"), error("deep"));
    assertTrue(error("text").startsWith(text + ":1:"), error("text"));
    assertTrue(error("settings").contains("cannot be read as settings"), error("settings"));
    assertTrue(error("latin").startsWith(latin.toString()), error("latin"));
    assertTrue(error("giant").contains("larger than 4 MiB"), error("giant"));
    assertTrue(Files.exists(folder.resolve("out/good.argv")));
    assertTrue(Files.exists(folder.resolve("out/good.completed.xml")));
  }

  @Test
  void documentSaysHowItIsEncoded() throws IOException {
    Path latin = folder.resolve("latin.xml");
    String text = "<?xml version='1.0' encoding='ISO-8859-1'?>" + GOOD.replace(">g<", ">gü<");
    Files.write(latin, text.getBytes(StandardCharsets.ISO_8859_1));

    assertEquals(0, run(latin));

    String completed = Files.readString(folder.resolve("out/latin.completed.xml"));
    assertTrue(completed.contains("<name>gü</name>"), completed);
  }

  @Test
  void anEarlierResultGoes() throws IOException {
    Path guest = file("guest.xml", GOOD.replace("1048576", "much"));
    assertEquals(1, run(guest));
    assertTrue(Files.exists(folder.resolve("out/guest.err")));

    file("guest.xml", GOOD);
    assertEquals(0, run(guest));
    assertFalse(Files.exists(folder.resolve("out/guest.err")));
  }

  @Test
  void twoFilesOfOneNameAreNotMixed() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Path first = file("guest.xml", GOOD);
    Path second = Files.writeString(other.resolve("guest.xml"), GOOD);

    assertEquals(1, run(first, second));
    assertEquals(
        List.of(second + ": would overwrite what was made of '" + first + "': rename one"),
        printed);
  }

  @Test
  void everyProblemIsToldWithItsPlace() throws IOException {
    Path guest =
        file(
            "guest.xml",
            GOOD.replace(
                "</os>",
                "</os>\n<vcpu current='3'>2</vcpu>\n<devices>\n<memballoon model='xen'/>\n</devices>"));

    assertEquals(1, run(guest));

    assertEquals(
        guest
            + ":2:1: maxvcpus must not be less than current vcpus (2 < 3)\n"
            + guest
            + ":4:1: QEMU has no memory balloon of model 'xen'",
        error("guest"));
  }

  @Test
  void networksOfTheProfileSayWhatCardsAre() throws IOException {
    Path profile = Files.createDirectory(folder.resolve("profile"));
    Files.copy(PROFILE.resolve("replies"), profile.resolve("replies"));
    Path networks = Files.createDirectory(profile.resolve("networks"));
    Files.writeString(
        networks.resolve("lab.xml"),
        "<network><name>lab</name><bridge name='lab0'/><mtu size='1400'/></network>");
    Files.writeString(
        networks.resolve("vf.xml"),
        "<network><name>vf</name><forward mode='hostdev' managed='yes'>"
            + "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x2'/>"
            + "</forward></network>");
    String card =
        "<interface type='network'><mac address='52:54:00:00:00:0%d'/><source network='%s'/><model type='virtio'/></interface>";
    String devices = "<devices>%s</devices></domain>";
    Path good =
        file(
            "good.xml",
            GOOD.replace(
                "</domain>",
                devices.formatted(
                    card.formatted(1, "lab") + card.formatted(2, "vf") + card.formatted(3, "x"))));
    Path bad =
        file(
            "bad.xml",
            GOOD.replace(
                "</domain>", devices.formatted(card.formatted(1, "vf") + card.formatted(2, "vf"))));
    int refused =
        DomxmlToNative.of(profile, true)
            .run(List.of(good, bad), Optional.of(folder.resolve("out")), printed::add);
    assertEquals(1, refused);
    String argv = Files.readString(folder.resolve("out/good.argv")).replace("\\", "");
    assertTrue(argv.contains("\"host_mtu\":1400"), argv);
    assertTrue(argv.contains("\"driver\":\"vfio-pci\",\"host\":\"0000:01:10.2\""), argv);
    assertTrue(error("bad").contains("network 'vf' names no device"), error("bad"));
    assertTrue(
        Files.readString(folder.resolve("out/good.completed.xml")).contains("network='vf'"),
        "the definition stays what it was");
  }
}
