package launcher.tests.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import launcher.tests.BootSector;

/**
 * A guest that counts in its memory and says each number on its serial port ({@code counter.s}).
 *
 * @param name its name
 * @param number names its files
 * @param machine where it lives
 */
record CountingGuest(String name, int number, SystemdContainer machine) {
  private static final int DISK_BYTES = 1 << 20;
  private static final int DEAF = 509;

  /** Where the guests' files lie in the machine. */
  private static final String FOLDER = "/srv/guests/";

  /**
   * What a guest said, as numbers: how often it booted, how often its button was pressed, and how
   * far its memory counted since the last boot.
   *
   * @param boots times it said UP
   * @param presses times it said BUTTON
   * @param last the last number, -1 for none
   */
  record Said(int boots, int presses, int last) {}

  /** Assembles the boot sector once. */
  static byte[] sector(Path folder) throws IOException, InterruptedException {
    Path source = folder.resolve("counter.s");
    try (InputStream text = CountingGuest.class.getResourceAsStream("counter.s")) {
      Files.copy(Objects.requireNonNull(text, "counter.s"), source);
    }
    return Files.readAllBytes(BootSector.assemble(source, folder.resolve("counter.img")));
  }

  /**
   * Writes its disk and its XML.
   *
   * @param deaf whether it does nothing when its button is pressed
   * @param metadata more of its XML
   */
  CountingGuest write(byte[] sector, boolean deaf, String metadata) throws IOException {
    byte[] disk = Arrays.copyOf(sector, DISK_BYTES);
    disk[DEAF] = (byte) (deaf ? 1 : 0);
    Files.createDirectories(machine.path(FOLDER));
    Files.write(machine.path(FOLDER + number + ".img"), disk);
    Files.writeString(
        machine.path(xml()),
        """
        <domain type='qemu'>
          <name>%s</name>
          %s
          <memory unit='MiB'>16</memory>
          <os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os>
          <features><acpi/></features>
          <devices>
            <disk type='file' device='disk'>
              <driver name='qemu' type='raw'/>
              <source file='%s'/>
              <target dev='vda' bus='virtio'/>
            </disk>
            <controller type='usb' model='none'/>
            <serial type='file'><source path='%s' append='on'/></serial>
            <memballoon model='none'/>
          </devices>
        </domain>
        """
            .formatted(
                name.replace("&", "&amp;").replace("<", "&lt;"),
                metadata,
                FOLDER + number + ".img",
                output()));
    return this;
  }

  /** Its XML's file in the machine. */
  String xml() {
    return FOLDER + number + ".xml";
  }

  private String output() {
    return FOLDER + number + ".out";
  }

  /**
   * What it said until now. Whatever it says must be what a machine with one past says: after a
   * boot it counts from 0, and no number is left out or comes twice, or its memory was lost, kept
   * too long, or given to two processes.
   */
  Said said() throws IOException {
    Path file = machine.path(output());
    if (!Files.exists(file)) {
      return new Said(0, 0, -1);
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    List<String> lines = Arrays.asList(text.split("\n", -1));
    int boots = 0;
    int presses = 0;
    int last = -1;
    for (String line : lines.subList(0, lines.size() - 1)) {
      if (line.endsWith("UP")) {
        // what was being said when the power failed may stand before it
        boots++;
        last = -1;
      } else if (line.equals("BUTTON")) {
        presses++;
      } else {
        assertEquals(
            String.format("%04x", last + 1), line, "guest '" + name + "' counts on: " + lines);
        last++;
      }
    }
    return new Said(boots, presses, last);
  }

  /** Waits until its memory has counted further than that. */
  void awaitCounting(int beyond) throws IOException {
    Commands.await(() -> said().last() > beyond, () -> "guest '" + name + "' stays at " + said());
  }

  /** It counts on in the same boot. */
  void assertCountsOnAfter(Said before) throws IOException {
    awaitCounting(before.last());
    assertEquals(before.boots(), said().boots(), "guest '" + name + "' did not boot afresh");
  }

  /** It has booted afresh, once more than then. */
  void assertBootedAfreshAfter(Said before) throws IOException {
    Commands.await(
        () -> said().boots() > before.boots(), () -> "guest '" + name + "' stays at " + said());
    assertEquals(before.boots() + 1, said().boots(), "guest '" + name + "' booted once");
    assertTrue(said().last() < 0xfff, "it counts again from 0");
  }
}
