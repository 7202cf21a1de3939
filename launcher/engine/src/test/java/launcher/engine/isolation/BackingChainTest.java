package launcher.engine.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import launcher.engine.EngineException;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;
import launcher.spawn.CommandSpec;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chain of an image whose content an enemy has written. */
final class BackingChainTest {
  @TempDir Path folder;

  @BeforeEach
  void resolve() throws IOException {
    folder = folder.toRealPath();
  }

  private static Path qcow2(Path path, String backing, String format, long features)
      throws IOException {
    ByteBuffer image = ByteBuffer.allocate(1024);
    byte[] name = backing.getBytes(StandardCharsets.UTF_8);
    image.putInt(0x514649fb).putInt(3).putLong(name.length == 0 ? 0 : 256).putInt(name.length);
    image.putLong(72, features).putInt(100, 104).position(104);
    if (!format.isEmpty()) {
      image.putInt(0xe2792aca).putInt(format.length());
      image.put(format.getBytes(StandardCharsets.UTF_8));
    }
    image.position(256);
    image.put(name);
    return Files.write(path, image.array());
  }

  private Path top(String backing, String format) throws IOException {
    return qcow2(folder.resolve("top.qcow2"), backing, format, 0);
  }

  private static List<Path> chain(Path image) throws IOException {
    return BackingChain.of(image, false, (top, below) -> Optional.empty());
  }

  private static String refusal(Path image) {
    return String.valueOf(assertThrows(IOException.class, () -> chain(image)).getMessage());
  }

  @Test
  void namesAreFollowedFromTheImageDown() throws IOException {
    Path base = qcow2(folder.resolve("base.qcow2"), "", "", 0);
    Path middle = qcow2(folder.resolve("middle.qcow2"), "base.qcow2", "qcow2", 0);
    assertEquals(List.of(middle, base), chain(top(middle.toString(), "qcow2")));
  }

  @Test
  void whatQemuItselfMadeIsUnderstood() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "needs qemu-img");
    Path base = Files.write(folder.resolve("base.img"), new byte[1 << 20]);
    Path image = folder.resolve("top.qcow2");
    for (String compat : List.of("0.10", "1.1")) {
      new RealSpawner()
          .run(
              CommandSpec.of("/usr/bin/qemu-img")
                  .add("create", "-q", "-f", "qcow2", "-o", "compat=" + compat, "-F", "raw")
                  .add("-b", base.toString(), image.toString())
                  .capture()
                  .build())
          .orThrow();
      assertEquals(List.of(base), chain(image), compat);
    }
  }

  @Test
  void circlesAreRefused() throws IOException {
    Path base = folder.resolve("base.qcow2");
    Path top = top(base.toString(), "qcow2");
    qcow2(base, "top.qcow2", "qcow2", 0);
    assertTrue(refusal(top).contains("in a circle"), refusal(top));
    qcow2(top, "top.qcow2", "qcow2", 0);
    assertTrue(refusal(top).contains("in a circle"), refusal(top));
  }

  /** A raw disk whose guest wrote such a header into it, and an overlay on it. */
  @Test
  void theContentOfARawFileIsNotBelieved() throws IOException {
    Path raw = qcow2(folder.resolve("raw.img"), "/etc/shadow", "raw", 0);
    assertEquals(List.of(raw), chain(top("raw.img", "raw")));
  }

  @Test
  void aFormatThatIsNotSaidIsNotGuessed() throws IOException {
    Files.write(folder.resolve("raw.img"), new byte[512]);
    String said = refusal(top("raw.img", ""));
    assertTrue(
        said.contains("does not say which format its backing file has: qemu-img rebase"), said);
  }

  @Test
  void onlyFilesAreFollowedTo() throws IOException {
    for (String name :
        List.of(
            "nbd://host/x",
            "json:{\"driver\":\"file\",\"filename\":\"/etc/shadow\"}",
            "ssh://root@host/x",
            "fat:rw:/etc",
            "http://169.254.169.254/x",
            "a\0b")) {
      String said = refusal(top(name, "raw"));
      assertTrue(said.contains("is not followed: only files are"), said);
    }
  }

  @Test
  void aDataFileThatTheXmlDoesNotNameIsRefused() throws IOException {
    Path image = qcow2(folder.resolve("top.qcow2"), "", "", 4);
    assertTrue(refusal(image).contains("keeps its data in another file"), refusal(image));
    assertEquals(List.of(), BackingChain.of(image, true, (top, below) -> Optional.empty()));
  }

  @Test
  void aFifoIsNotWaitedFor() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "needs mkfifo");
    Path fifo = folder.resolve("fifo");
    new RealSpawner().run(CommandSpec.of("/usr/bin/mkfifo").add(fifo.toString()).build()).orThrow();
    assertTimeoutPreemptively(
        Duration.ofMinutes(1),
        () -> assertEquals("It is neither a regular file nor a block device", refusal(fifo)));
  }

  /** Whatever the numbers say, it is an answer or a refusal, and soon. */
  @Test
  void noNumberIsBelieved() throws IOException {
    Path image = top("base.img", "raw");
    Files.write(folder.resolve("base.img"), new byte[512]);
    byte[] good = Files.readAllBytes(image);
    Random random = new Random(6);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      ByteBuffer bad = ByteBuffer.wrap(good.clone());
      bad.putInt(4 * random.nextInt(40), random.nextBoolean() ? random.nextInt() : -1);
      if (random.nextBoolean()) {
        bad.putLong(8, random.nextLong());
      }
      try {
        Qcow2Header.read(bad);
      } catch (EOFException notBelieved) {
        refused++;
      }
    }
    assertTrue(refused > 5000, "only " + refused);
    for (long offset : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40}) {
      Files.write(image, ByteBuffer.wrap(good.clone()).putLong(8, offset).array());
      assertTrue(refusal(image).contains("not to be believed"), refusal(image));
    }
  }

  private static XmlElement guest(String name, Path image, String more) {
    return XmlReader.read(
        "test",
        "<domain type='kvm'><name>"
            + name
            + "</name><uuid>c7b3edbd-edaf-9455-926a-d65c16db18"
            + name
            + "</uuid><devices><disk type='file'><driver type='qcow2'/><source file='"
            + image
            + "'/>"
            + more
            + "</disk></devices></domain>");
  }

  private List<Path> files(XmlElement guest) {
    OtherGuests others = new OtherGuests(List.of(folder.resolve("guests")));
    return GuestFiles.of(guest, guest, others).stream().map(HostFile::path).toList();
  }

  private String untrusted(XmlElement guest) {
    return String.valueOf(assertThrows(EngineException.class, () -> files(guest)).getMessage());
  }

  /** What a guest writes into its own header leads neither to secrets nor to other guests. */
  @Test
  void anImageLeadsToNoPrivateFile() throws IOException {
    Path private_ = Files.createDirectory(folder.resolve("elsewhere")).resolve("secret");
    Files.writeString(private_, "secret");
    Files.setPosixFilePermissions(private_, PosixFilePermissions.fromString("rw-r-----"));
    Path image = top(private_.toString(), "raw");
    String said = untrusted(guest("00", image, ""));
    assertTrue(said.startsWith("Failed at step 'find backing files' starting guest '00': '"), said);
    assertTrue(
        said.endsWith(
            "is not followed: not everybody may read it, and it lies in another folder; if it is meant, name"
                + " it in the disk's <backingStore>"),
        said);
    assertTrue(
        untrusted(guest("00", top("elsewhere/../elsewhere/secret", "raw"), ""))
            .contains("not everybody may read it"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), private_);
    assertTrue(untrusted(guest("00", top("link", "raw"), "")).contains("not everybody"), "" + link);
    String meant =
        "<backingStore type='file'><format type='raw'/><source file='"
            + private_
            + "'/></backingStore>";
    assertEquals(List.of(image, private_), files(guest("00", image, meant)));
    assertEquals(List.of(image), files(guest("00", image, "<backingStore/>")), "nothing is below");
  }

  @Test
  void anImageLeadsToNoDiskOfAnotherGuest() throws IOException {
    Path other = qcow2(folder.resolve("other.qcow2"), "", "", 0);
    Path guests = Files.createDirectories(folder.resolve("guests"));
    Files.writeString(guests.resolve("web.xml"), guest("11", other, "").toString());
    Files.writeString(guests.resolve("web.xml"), XmlWriter.write(guest("11", other, "")));
    Path image = top("other.qcow2", "qcow2");
    assertTrue(untrusted(guest("00", image, "")).contains("it is a disk of guest '11'"));
    Files.writeString(
        guests.resolve("web.xml"), XmlWriter.write(guest("11", other, "<readonly/>")));
    assertEquals(List.of(image, other), files(guest("00", image, "")), "one that it only reads");
  }
}
